import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DependencyUnavailable, InvalidInput } from '../../platform/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import { NoSuchRun } from '../../temporal/runs/run-errors.js';
import {
  IdempotencyKeyReused,
  InvalidRequest,
  type Api,
  type ApiOperation,
} from '../../platform/http/api.js';
import type { Problem } from '../../platform/http/problem.js';
import { UnknownCursor } from '../../platform/http/cursor.js';
import { checkAccess } from './access.js';
import { HttpProblem } from './http-problem.js';
import { openApiDescription } from './openapi.js';
import { checked, givenBy } from './post.js';
import { AnswerTimeout, TooManyQuestions, createRecentAnswers } from './recent-answers.js';

/** A dashboard that asks every second sees it move, and Temporal and SQS are asked every other. */
const KEEP_MS = 2_000;
/** Above the query timeout of a run whose worker is gone, so that the caller learns just that. */
const TIMEOUT_MS = 8_000;
/** Against a caller that makes up cursors and dates: the API never takes more of Temporal than this. */
const MAX_CONCURRENT = 4;
const MAX_PENDING = 32;
const MAX_ENTRIES = 200;
const RETRY_AFTER_SECONDS = 2;

export interface ApiOptions {
  api: Api;
  /** False until the worker is connected: nobody is asked before. */
  ready: () => boolean;
  version: string;
  /** SHA-256 of HTTP_API_TOKEN, in hex; undefined where none is set. */
  tokenDigest?: string | undefined;
  log: Pick<Logger, 'error'>;
}

/** Where a POST is taken; none of these answers a GET. */
export function postPathsOf({ operations }: Pick<Api, 'operations'>): string[] {
  return operations.filter(({ method }) => method === 'POST').map(({ path }) => `/api/v1${path}`);
}

/**
 * Serves the operations of an API below `/api/v1`, and their description at `/api/v1/openapi.json`. Errors are problem
 * details (RFC 9457).
 */
export async function registerApi(app: FastifyInstance, options: ApiOptions): Promise<void> {
  const { operations, components } = options.api;
  const description = openApiDescription(options.api, options.version);
  const answers = createRecentAnswers({
    keepMs: KEEP_MS,
    timeoutMs: TIMEOUT_MS,
    maxConcurrent: MAX_CONCURRENT,
    maxPending: MAX_PENDING,
    maxEntries: MAX_ENTRIES,
  });
  const refuseUnready = (): void => {
    if (!options.ready()) throw new HttpProblem(503, 'Not ready', 'The worker is starting.');
  };
  const take = async (
    operation: ApiOperation,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const given = givenBy(operation, options.api, request);
    refuseUnready();
    const answer = components[operation.answer]!.parse(await operation.ask(given as never));
    return reply.header('cache-control', 'no-store').send(answer);
  };
  const answer = async (
    operation: ApiOperation,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const { path, query, params } = operation;
    const given = {
      ...(query && checked(query, request.query)),
      ...(params && checked(params, request.params)),
    };
    refuseUnready();
    const found = await answers.get(`${path} ${JSON.stringify(given)}`, async () =>
      // The schema drops what it does not name.
      components[operation.answer]!.parse(await operation.ask(given as never)),
    );
    return reply.header('cache-control', `private, max-age=${KEEP_MS / 1000}`).send(found);
  };

  await app.register(
    (api, _options, done) => {
      api.addHook('onRequest', (_request, reply, next) => {
        reply.header('x-content-type-options', 'nosniff');
        next();
      });
      api.get('/openapi.json', (_request, reply) => reply.send(description));
      for (const operation of operations) {
        const isPost = operation.method === 'POST';
        api.route({
          method: isPost ? 'POST' : 'GET',
          url: operation.path.replace(/\{(\w+)\}/g, ':$1'),
          // Before anything of a body is looked at.
          onRequest: (request, _reply, next) => {
            checkAccess(operation, options.tokenDigest, request);
            next();
          },
          handler: isPost
            ? (request, reply) => take(operation, request, reply)
            : (request, reply) => answer(operation, request, reply),
        });
      }
      api.setNotFoundHandler((request) => {
        if (request.method === 'GET' || request.method === 'HEAD') {
          throw new HttpProblem(404, 'Not found', 'There is no such path; /api/v1/openapi.json lists them.');
        }
        throw new HttpProblem(405, 'Method not allowed', 'This path takes GET alone.');
      });
      api.setErrorHandler((error, request, reply) =>
        sendProblem(toProblem(error), request, reply, options.log),
      );
      done();
    },
    { prefix: '/api/v1' },
  );
}

export function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof NoSuchRun) return new HttpProblem(404, 'Not found', error.message);
  if (error instanceof DependencyUnavailable) return new HttpProblem(503, 'Unavailable', error.message);
  if (error instanceof TooManyQuestions) {
    return new HttpProblem(503, 'Too busy', 'Too many requests at once; try again in a moment.');
  }
  if (error instanceof AnswerTimeout) {
    return new HttpProblem(504, 'Timeout', `Temporal or SQS did not answer within ${TIMEOUT_MS / 1000} s.`);
  }
  if (error instanceof IdempotencyKeyReused) return new HttpProblem(422, 'Key reused', error.message);
  if (error instanceof InvalidRequest) return new HttpProblem(400, 'Bad request', error.message);
  if (error instanceof UnknownCursor) return new HttpProblem(400, 'Bad request', error.message);
  if (error instanceof InvalidInput) return new HttpProblem(502, 'Refused', error.message);
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const expected = status === 415 ? ': expected a body of application/json' : '';
    return new HttpProblem(status, 'Bad request', `The request could not be read${expected}.`);
  }
  const problem = new HttpProblem(500, 'Internal error', "Unexpected error; see the worker's log.");
  problem.cause = error;
  return problem;
}

export function sendProblem(
  { status, title, message, cause }: HttpProblem,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Pick<Logger, 'error'>,
): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '';
  // The path that was asked may name a person; the route's does not.
  if (cause !== undefined) log.error('unexpected_error', { path: request.routeOptions.url, error: cause });
  if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 405) reply.header('allow', 'GET, HEAD');
  const problem: Problem = { type: 'about:blank', title, status, detail: message, instance: path };
  return reply.code(status).type('application/problem+json').send(problem);
}
