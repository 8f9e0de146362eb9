import { fastify } from 'fastify';
import { ConfigurationError } from '../platform/errors.js';
import { registerApi, type ApiOptions } from './api/routes.js';
import type { HttpFront } from './http/http-front.js';
import { startFrontThread, type FrontThreadOptions } from './http/start-front-thread.js';
import type { Readiness } from './readiness.js';

/** Of Prometheus's text format, which every scraper reads. */
const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Where the process is in its life. */
export type WorkerPhase = 'starting' | 'running' | 'draining';

export interface HealthServerOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Names, besides the usual ones, that a request may call this server by. */
  allowedHosts: readonly string[];
  serviceMode: string;
  phase: () => WorkerPhase;
  /** What pipelines tell of themselves, such as the models that score. */
  state: () => Readonly<Record<string, unknown>>;
  readiness: () => Promise<Readiness>;
  /** All that `/metrics` answers, in Prometheus's text format. */
  metrics: () => Promise<string>;
  /** Left out where nobody asks. */
  api?: ApiOptions;
  log: FrontThreadOptions['log'];
  /** What listens. */
  startFront?: (options: FrontThreadOptions) => Promise<HttpFront>;
}

/**
 * Serves `/health/health` (what this process is), `/health/live` (its event loop turns), `/health/ready` (it may be
 * given work), `/metrics` and, below `/api/v1`, runs and queue. Reads only; no endpoint changes anything.
 *
 * A thread of its own listens and answers `/health/live`; what is made here is asked for by that thread.
 *
 * @throws ConfigurationError when the address is taken
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HttpFront> {
  const { startFront = startFrontThread, host, port, allowedHosts, log } = options;
  const app = fastify({ logger: false });
  const startedAt = Date.now();

  app.get('/health/health', () => ({
    status: 'ok',
    service: 'vachan',
    service_mode: options.serviceMode,
    phase: options.phase(),
    ...options.state(),
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

  const ask: FrontThreadOptions['ask'] = async (url) => {
    const { statusCode, headers, rawPayload } = await app.inject({ method: 'GET', url });
    return { status: statusCode, headers: passedOn(headers), body: rawPayload };
  };
  try {
    const front = await startFront({ host, port, allowedHosts, ask, log });
    return {
      url: front.url,
      async close() {
        await front.close();
        await app.close();
      },
    };
  } catch (error) {
    throw new ConfigurationError(
      `Health and metrics cannot listen on ${host}:${port} (${(error as Error).message}); set HEALTH_PORT to a free port, or 0.`,
      { cause: error },
    );
  }
}

/** Those of the answer; the rest are the connection's. */
const PASSED_ON = [
  'content-type',
  'cache-control',
  'retry-after',
  'allow',
  'x-content-type-options',
] as const;

function passedOn(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
    }),
  );
}
