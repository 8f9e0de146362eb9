import type { AddressInfo } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import {
  createBoundedServer,
  SERVER_BOUNDS,
  type ServerBounds,
} from '../../../../platform/http/bounded-server.js';
import { InvalidInput, VachanError } from '../../../../platform/errors.js';
import { renderReviewPage, REVIEW_PAGE_POLICY } from '../page/page.js';
import type { Review } from '../review.js';
import { isOneOf, VERDICTS } from '../verdicts/verdict-csv.js';
import { newToken, requestGuard } from './guard.js';

export interface ReviewServer {
  /** Holds the token: for the reviewer's browser alone. */
  readonly url: string;
  /** Resolves when the reviewer says on the page that they are done. */
  readonly finished: Promise<void>;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const MAX_BODY_BYTES = 1024;
/** One person at one page; a recording may take its download's attempts and its decoding until it is answered. */
const BOUNDS: ServerBounds = {
  ...SERVER_BOUNDS,
  requestsPerSecond: 100,
  sliceBytes: 16 * 1024,
  answerSeconds: 600,
};

/**
 * Serves a review to one browser on this machine. Nothing is logged; addresses hold places, never ids.
 *
 * @param port 0 picks a free one
 * @throws InvalidInput when the port is taken
 */
export async function startReviewServer(review: Review, port: number): Promise<ReviewServer> {
  const token = newToken();
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: MAX_BODY_BYTES,
    serverFactory: (handler) => createBoundedServer(handler, BOUNDS),
  });
  const authority = (): string => {
    const { port: bound } = app.server.address() as AddressInfo;
    // Browsers leave the port out where it is the scheme's own.
    return bound === 80 ? LOOPBACK : `${LOOPBACK}:${bound}`;
  };
  const guard = requestGuard(token, authority);
  // Pages elsewhere may send text without asking first.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const refused = guard(request);
    if (refused === undefined) return;
    return reply.code(refused.status).send({ message: refused.message });
  });
  addRoutes(app, review, finish);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'There is no such page.' }));
  app.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
    const known = error instanceof VachanError;
    const status = error instanceof InvalidInput ? 400 : known ? 503 : (error.statusCode ?? 500);
    await reply.code(status).send({ message: known ? error.message : 'The request failed.' });
  });
  try {
    await app.listen({ host: LOOPBACK, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE' ? 'the port is taken' : code === 'EACCES' ? 'permission is denied' : message;
    throw new InvalidInput(
      `The page cannot be served on ${LOOPBACK}:${port}: ${why}; name a free one with --port, or leave it out.`,
      { cause },
    );
  }
  return { url: `http://${authority()}/${token}/`, finished, close: () => app.close() };
}

/** For every answer: kept nowhere, framed nowhere, told to nobody. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': REVIEW_PAGE_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

function addRoutes(app: FastifyInstance, review: Review, finish: () => void): void {
  const total = review.verdicts().length;
  const placeOf = (params: unknown): number => {
    const { place } = params as { place: string };
    if (!/^\d{1,6}$/.test(place) || Number(place) >= total) {
      throw new InvalidInput(`There is no recording at that place; expected 0 to ${total - 1}.`);
    }
    return Number(place);
  };
  app.get('/:token/', (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(renderReviewPage(review.testDate, review.drawn)),
  );
  app.get('/:token/state', () => ({ verdicts: review.verdicts() }));
  app.get('/:token/recordings/:place', async ({ params }, reply) => {
    const sound = await review.sound(placeOf(params));
    if ('unplayable' in sound) return reply.code(422).send({ message: sound.unplayable });
    return sound.picture;
  });
  app.get('/:token/recordings/:place/audio', async ({ params }, reply) => {
    const sound = await review.sound(placeOf(params));
    if ('unplayable' in sound) return reply.code(422).send({ message: sound.unplayable });
    return reply
      .type('audio/wav')
      .send(Buffer.from(sound.wave.buffer, sound.wave.byteOffset, sound.wave.length));
  });
  app.get('/:token/recordings/:place/reasons', ({ params }) => review.reveal(placeOf(params)));
  app.put('/:token/recordings/:place/verdict', async ({ params, body }) => {
    const place = placeOf(params);
    const { verdict } = (body ?? {}) as { verdict?: unknown };
    if (!isOneOf(VERDICTS, verdict)) {
      throw new InvalidInput('The body is no {"verdict": …} of normal, anomalous or unsure.');
    }
    await review.judge(place, verdict);
    return { verdicts: review.verdicts() };
  });
  app.post('/:token/finish', async (_request, reply) => {
    // The answer first: the process ends with this.
    reply.raw.once('finish', finish);
    return { verdicts: review.verdicts() };
  });
}
