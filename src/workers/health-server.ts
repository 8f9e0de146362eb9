import { fastify, type InjectOptions } from 'fastify';
import { TEXT_LIMITS } from '../contract/text-limits.js';
import { ConfigurationError } from '../platform/errors.js';
import { CALLER_HEADER, WRONG_TOKEN_HEADER } from './api/access.js';
import { IDEMPOTENCY_KEY_HEADER } from './api/post.js';
import { postPathsOf, registerApi, sendProblem, toProblem, type ApiOptions } from './api/routes.js';
import type { HttpFront, HttpQuestion } from './http/http-front.js';
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

/** What a caller got wrong is for the caller alone. */
const NO_LOG = { error: () => undefined };

/** As long as any id; a pipeline's own schema says how long its ids may be. */
const MAX_PARAM_CHARACTERS = TEXT_LIMITS.id;

/**
 * Serves `/health/health` (what this process is), `/health/live` (its event loop turns), `/health/ready` (it may be
 * given work), `/metrics` and, below `/api/v1`, what the pipelines answer. Reads only, but for the POST endpoints of the API.
 *
 * A thread of its own listens and answers `/health/live`; what is made here is asked for by that thread.
 *
 * @throws ConfigurationError when the address is taken
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HttpFront> {
  const { startFront = startFrontThread, host, port, allowedHosts, log } = options;
  const app = fastify({
    logger: false,
    routerOptions: { maxParamLength: MAX_PARAM_CHARACTERS },
    // A path that is no URL is refused before any route is found.
    frameworkErrors: (error, request, reply) => {
      void sendProblem(toProblem(error), request, reply, NO_LOG);
    },
  });
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

  const ask: FrontThreadOptions['ask'] = async (url, question) => {
    const { statusCode, headers, rawPayload } = await app.inject(injected(url, question));
    return { status: statusCode, headers: passedOn(headers), body: rawPayload };
  };
  try {
    const tokenDigest = options.api?.tokenDigest;
    const postPaths = options.api === undefined ? [] : postPathsOf(options.api.api);
    const front = await startFront({ host, port, allowedHosts, tokenDigest, postPaths, ask, log });
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

/** All that the API learns of a request; the rest stays with who listens. */
function injected(url: string, { caller, wrongToken, post }: HttpQuestion): InjectOptions {
  const known = { [CALLER_HEADER]: caller, ...(wrongToken === true && { [WRONG_TOKEN_HEADER]: 'yes' }) };
  if (post === undefined) return { method: 'GET', url, headers: known };
  const { body, contentType, idempotencyKey } = post;
  const headers = {
    ...known,
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(idempotencyKey !== undefined && { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey }),
  };
  return { method: 'POST', url, headers, payload: Buffer.from(body) };
}

/** Those of the answer; the rest are the connection's. */
const PASSED_ON = [
  'content-type',
  'cache-control',
  'retry-after',
  'allow',
  'x-content-type-options',
  'www-authenticate',
] as const;

function passedOn(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
    }),
  );
}
