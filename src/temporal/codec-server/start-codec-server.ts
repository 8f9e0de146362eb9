import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { PayloadCodec } from '@temporalio/common';
import { ConfigurationError, InvalidInput } from '../../platform/errors.js';
import { PayloadUndecodable } from '../encryption/payload-undecodable.js';
import { SERVER_BOUNDS, createBoundedServer, type ServerBounds } from '../../platform/http/bounded-server.js';
import type { Logger } from '../../platform/logging/logger.js';
import { bearerCheck } from './bearer-token.js';
import { readPayloads, writePayloads } from './wire-payloads.js';

export interface CodecServerOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** What a request must bring as `Authorization: Bearer …`. */
  token: string;
  /** The Web UI's origin, the only one whose pages may ask, e.g. `https://temporal.example.org`. */
  uiOrigin: string | undefined;
  codec: PayloadCodec;
  log: Logger;
}

export interface CodecServer {
  /** What to hand to `temporal --codec-endpoint` and to the Web UI. */
  readonly url: string;
  close(): Promise<void>;
}

/** Temporal refuses a message of more than 4 MiB; in base64 that is 5.4 MiB. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;
/** A page of the Web UI sends a request for each of its payloads, with bodies of any size. */
const BOUNDS: ServerBounds = { ...SERVER_BOUNDS, requestsPerSecond: 200, sliceBytes: 16 * 1024 };
/** Browsers ask once in so long whether they may ask. */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/**
 * Serves Temporal's remote codec protocol: `POST /encode` and `POST /decode`.
 *
 * Nothing is answered without the token, to no page but the Web UI's; nothing is kept, and no payload is logged.
 *
 * @throws ConfigurationError when the address is taken
 */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const { codec, host, port, log } = options;
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: MAX_BODY_BYTES,
    serverFactory: (handler) => createBoundedServer(handler, BOUNDS),
  });
  // A page may send text without asking first.
  app.removeContentTypeParser('text/plain');
  guard(app, options);
  app.options('/*', (_request, reply) => reply.code(204).send());
  app.post('/encode', async ({ body }) => writePayloads(await codec.encode(readPayloads(body))));
  app.post('/decode', async ({ body }) => writePayloads(await codec.decode(readPayloads(body))));
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const known = error instanceof InvalidInput || error instanceof PayloadUndecodable;
    const status = known ? 400 : (error.statusCode ?? 500);
    log.warn('codec_request_refused', {
      path: pathOf(request),
      status,
      ...(known && { reason: error.message }),
    });
    // What the parser says of a body quotes it.
    await reply
      .code(status)
      .send({ message: known ? error.message : (REFUSALS[status] ?? 'The request failed.') });
  });
  try {
    const url = await app.listen({ host, port });
    return { url, close: () => app.close() };
  } catch (error) {
    throw new ConfigurationError(
      `The codec server cannot listen on ${host}:${port} (${(error as Error).message}); set CODEC_SERVER_PORT to a free port, or 0.`,
      { cause: error },
    );
  }
}

/** A caller may have put its token behind the path. */
const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

const REFUSALS: Partial<Record<number, string>> = {
  400: 'The body is not JSON.',
  413: `The body is larger than ${MAX_BODY_BYTES} bytes.`,
  415: 'The body must be application/json.',
};

/** Refuses other pages' requests first, then whoever has no token; a browser's question beforehand carries none. */
function guard(app: FastifyInstance, { token, uiOrigin, log }: CodecServerOptions): void {
  const authorized = bearerCheck(token);
  const refuse = (request: FastifyRequest, reply: FastifyReply, status: number, message: string): unknown => {
    log.warn('codec_request_refused', { path: pathOf(request), status });
    return reply.code(status).send({ message });
  };
  // Before the body is read: strangers do not get to fill our memory.
  app.addHook('onRequest', async (request, reply) => {
    const { origin, authorization } = request.headers;
    if (origin !== undefined) {
      if (origin !== uiOrigin) return refuse(request, reply, 403, 'This origin may not ask.');
      reply.headers({
        vary: 'Origin',
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization,content-type,x-namespace',
        'access-control-max-age': String(PREFLIGHT_MAX_AGE_SECONDS),
      });
    }
    reply.header('cache-control', 'no-store');
    if (request.method === 'OPTIONS' || authorized(authorization)) return;
    reply.header('www-authenticate', 'Bearer');
    return refuse(request, reply, 401, 'The bearer token is missing or wrong.');
  });
}
