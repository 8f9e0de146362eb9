import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pLimit from 'p-limit';
import { hostCheck } from '../../platform/http/allowed-host.js';
import { createBoundedServer } from '../../platform/http/bounded-server.js';
import { within } from '../../platform/time/within.js';
import { createRecentAnswers, AnswerTimeout, TooManyQuestions } from '../api/recent-answers.js';
import type { Problem } from '../../platform/http/problem.js';
import { bringsWrongToken, callerOf, type Caller } from './caller.js';
import { BodyTooLarge, readBody } from './read-body.js';

/** What the worker answers. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** A request beyond a GET by anyone. */
export interface HttpQuestion {
  caller: Caller;
  /** The caller brought a token, and it is not the right one. */
  wrongToken?: boolean;
  /** Undefined for a GET. */
  post?: {
    /** Empty where the caller has no token: nothing is read of them. */
    body: Uint8Array;
    contentType: string | undefined;
    idempotencyKey: string | undefined;
  };
}

/** The worker's word on a path with its query. */
export type AskWorker = (url: string, question: HttpQuestion) => Promise<HttpAnswer>;

export interface HttpFrontOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Names, besides the usual ones, by which this server may be called. */
  allowedHosts: readonly string[];
  /** SHA-256 of the token that is taken, in hex. */
  tokenDigest?: string | undefined;
  /** Paths that take a POST and nothing else. */
  postPaths?: readonly string[];
  /** For how many milliseconds the worker's event loop has not been seen to turn. */
  silentMs: () => number;
  ask: AskWorker;
  /** Milliseconds; only differences mean anything. */
  now?: () => number;
}

export interface HttpFront {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  close(): Promise<void>;
}

/** How old an answer may be: a scraper asks every 15 s, and a hundred that ask at once cost the worker one answer. */
const KEEP_MS = 1_000;
/** Health costs next to nothing, and who waits for a worker to be ready asks often. */
const KEEP_HEALTH_MS = 100;
/** Above the API's own limit of 8 s, which says more. */
const TIMEOUT_MS = 10_000;
/** Questions to the worker at one time, and those that may wait besides; the first are always the same two or three. */
const KNOWN = { timeoutMs: TIMEOUT_MS, maxConcurrent: 4, maxPending: 8, maxEntries: 8 };
const OTHERS = { timeoutMs: TIMEOUT_MS, maxConcurrent: 4, maxPending: 32, maxEntries: 100 };
/** Different questions a second that reach the worker, each a fraction of a millisecond of its event loop. */
const OTHERS_EACH_SECOND = 50;
/** A batch of a hundred jobs with their questions has a third of it. */
const MOST_BODY_BYTES = 1024 * 1024;
/** Bodies that are read and worked on at one time; who has a token can wait a moment. */
const POSTS_AT_ONCE = 4;
const MOST_POSTS_PENDING = 16;
/** The only ones that may be posted to. */
const API = '/api/v1/';
/** Always answered alike, whatever stands behind them. */
const HEALTH: ReadonlySet<string> = new Set(['/health/health', '/health/ready']);
const METRICS = '/metrics';
/**
 * A loop that stalled for so long has lost its batches' heartbeats (12 s) and holds up everything; garbage collection and a
 * machine under load take a second.
 */
const STALLED_AFTER_MS = 30_000;

/**
 * The worker's port: answers `/health/live` by itself, and for everything else asks the worker, rarely.
 *
 * It stands between strangers and the thread that does the work, and runs in a thread of its own: what reaches the worker is at most
 * one page of metrics a second, ten questions for health and fifty others, however many connections there are.
 *
 * @throws Error of Node's when the address is taken
 */
export async function startHttpFront(options: HttpFrontOptions): Promise<HttpFront> {
  const hostAllowed = hostCheck(options.allowedHosts);
  const health = createRecentAnswers({ ...KNOWN, keepMs: KEEP_HEALTH_MS });
  const metrics = createRecentAnswers({ ...KNOWN, keepMs: KEEP_MS });
  const others = createRecentAnswers({ ...OTHERS, keepMs: KEEP_MS });
  const posts = pLimit(POSTS_AT_ONCE);
  const inBudget = eachSecond(OTHERS_EACH_SECOND, options.now ?? (() => performance.now()));

  const live = (): HttpAnswer => {
    const silent = options.silentMs();
    if (silent < STALLED_AFTER_MS) return json(200, { status: 'ok' });
    return json(503, { status: 'stalled', silent_seconds: Math.round(silent / 1000) });
  };

  const ask = (url: string, question: HttpQuestion): Promise<HttpAnswer> => {
    if (!inBudget()) throw new TooManyQuestions('too many different questions in this second');
    return options.ask(url, question);
  };

  const answerPost = async (
    request: IncomingMessage,
    url: string,
    { caller, wrongToken }: Required<Pick<HttpQuestion, 'caller' | 'wrongToken'>>,
  ): Promise<HttpAnswer> => {
    const { 'content-type': contentType, 'idempotency-key': idempotencyKey } = request.headers;
    if (caller !== 'token') {
      const post = { body: new Uint8Array(), contentType: undefined, idempotencyKey: undefined };
      return others.get(`POST ${caller} ${wrongToken} ${url}`, () => ask(url, { caller, wrongToken, post }));
    }
    if (posts.activeCount + posts.pendingCount >= MOST_POSTS_PENDING) {
      throw new TooManyQuestions('too many requests are read');
    }
    return posts(async () => {
      const body = await readBody(request, MOST_BODY_BYTES);
      const post = { body, contentType, idempotencyKey: [idempotencyKey].flat()[0] };
      return within(TIMEOUT_MS, options.ask(url, { caller, post }), () => {
        throw new AnswerTimeout(`no answer within ${TIMEOUT_MS} ms`);
      });
    });
  };

  const answer = async (request: IncomingMessage): Promise<HttpAnswer> => {
    const { method, url = '', headers } = request;
    const path = url.split('?', 1)[0] ?? '';
    if (!url.startsWith('/')) {
      return problem(400, 'Bad request', 'The request must name a path, such as /metrics.', '');
    }
    const isPost = method === 'POST' && path.startsWith(API);
    if (method !== 'GET' && method !== 'HEAD' && !isPost) {
      const takesPost = options.postPaths?.includes(path) === true;
      const detail = `This path takes ${takesPost ? 'POST' : 'GET'} alone.`;
      const refusal = problem(405, 'Method not allowed', detail, path);
      return { ...refusal, headers: { ...refusal.headers, allow: takesPost ? 'POST' : 'GET, HEAD' } };
    }
    if (path === '/health/live') return live();
    // Probes call a server as they like, and health says nothing that a page could use.
    if (!path.startsWith('/health/') && headers.host !== undefined && !hostAllowed(headers.host)) {
      return problem(421, 'Misdirected request', WRONG_HOST, path);
    }
    const caller = callerOf(request, options.tokenDigest);
    const wrongToken = bringsWrongToken(request, caller);
    if (isPost) return answerPost(request, url, { caller, wrongToken });
    if (HEALTH.has(path)) return health.get(path, () => options.ask(path, { caller: 'stranger' }));
    if (path === METRICS) return metrics.get(path, () => options.ask(path, { caller: 'stranger' }));
    // What one may be told another may not.
    return others.get(`${caller} ${wrongToken} ${url}`, async () => ask(url, { caller, wrongToken }));
  };

  const server = createBoundedServer((request, response) => {
    answer(request)
      .catch((error: unknown) => toProblem(error, request))
      .then((found) => {
        // What is left of a body is not worth reading.
        if (!request.complete) response.shouldKeepAlive = false;
        send(response, found);
      })
      // The client is gone.
      .catch(() => response.destroy());
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const WRONG_HOST =
  'This server does not go by the name in the Host header; HTTP_ALLOWED_HOSTS takes further names, and an IP address always works.';

function toProblem(error: unknown, { url = '' }: IncomingMessage): HttpAnswer {
  const path = url.split('?', 1)[0] ?? '';
  if (error instanceof TooManyQuestions) {
    const refusal = problem(503, 'Too busy', 'Too many requests at once; try again in a moment.', path);
    return { ...refusal, headers: { ...refusal.headers, 'retry-after': '2' } };
  }
  if (error instanceof AnswerTimeout) {
    return problem(504, 'Timeout', `The worker did not answer within ${TIMEOUT_MS / 1000} s.`, path);
  }
  if (error instanceof BodyTooLarge) {
    const detail = `The body has more than ${MOST_BODY_BYTES} bytes; send smaller batches.`;
    return problem(413, 'Content too large', detail, path);
  }
  return problem(500, 'Internal error', "Unexpected error; see the worker's log.", path);
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': body.byteLength });
  response.end(body);
}

function json(status: number, value: unknown, type = 'application/json; charset=utf-8'): HttpAnswer {
  return { status, headers: { 'content-type': type }, body: Buffer.from(JSON.stringify(value)) };
}

function problem(status: number, title: string, detail: string, instance: string): HttpAnswer {
  const body: Problem = { type: 'about:blank', title, status, detail, instance };
  return json(status, body, 'application/problem+json');
}

/** @returns what is true so many times a second */
function eachSecond(times: number, now: () => number): () => boolean {
  let second = 0;
  let used = 0;
  return () => {
    const current = Math.floor(now() / 1000);
    if (current !== second) [second, used] = [current, 0];
    return ++used <= times;
  };
}
