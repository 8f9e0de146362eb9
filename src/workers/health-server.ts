import { fastify } from 'fastify';
import { ConfigurationError } from '../platform/errors.js';
import { registerApi, type ApiOptions } from './api/routes.js';
import type { Readiness } from './readiness.js';

/** Of Prometheus's text format, which every scraper reads. */
const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Where the process is in its life. */
export type WorkerPhase = 'starting' | 'running' | 'draining';

export interface HealthServerOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  serviceMode: string;
  phase: () => WorkerPhase;
  /** Which models score, by role; empty where none does. */
  models: () => Partial<Record<string, { name: string; version: string } | undefined>>;
  readiness: () => Promise<Readiness>;
  /** All that `/metrics` answers, in Prometheus's text format. */
  metrics: () => Promise<string>;
  /** Left out where nobody asks. */
  api?: ApiOptions;
}

export interface HealthServer {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `/health/health` (what this process is), `/health/live` (its event loop turns), `/health/ready` (it may be
 * given work), `/metrics` and, below `/api/v1`, runs and queue. Reads only; no endpoint changes anything.
 *
 * @throws ConfigurationError when the address is taken
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const app = fastify({ logger: false, forceCloseConnections: true });
  const startedAt = Date.now();

  app.get('/health/live', () => ({ status: 'ok' }));
  app.get('/health/health', () => ({
    status: 'ok',
    service: 'vachan',
    service_mode: options.serviceMode,
    phase: options.phase(),
    ...options.models(),
    uptime_seconds: Math.round((Date.now() - startedAt) / 1000),
  }));
  app.get('/health/ready', async (_request, reply) => {
    const phase = options.phase();
    const { ready, checks } =
      phase === 'running' ? await options.readiness() : { ready: false, checks: { worker: phase } };
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready', checks });
  });
  app.get('/metrics', async (_request, reply) => reply.type(PROMETHEUS_TEXT).send(await options.metrics()));

  if (options.api !== undefined) await registerApi(app, options.api);

  try {
    const url = await app.listen({ host: options.host, port: options.port });
    return { url, close: () => app.close() };
  } catch (error) {
    throw new ConfigurationError(
      `Health and metrics cannot listen on ${options.host}:${options.port} (${(error as Error).message}); set HEALTH_PORT to a free port, or 0.`,
      { cause: error },
    );
  }
}
