import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostCheck } from '../../platform/http/allowed-host.js';
import { createBoundedServer } from '../../platform/http/bounded-server.js';
import { createRecentAnswers, AnswerTimeout, TooManyQuestions } from '../api/recent-answers.js';
import type { Problem } from '../../platform/http/problem.js';

/** What the worker answers to a GET. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** The worker's word on a path with its query. */
export type AskWorker = (url: string) => Promise<HttpAnswer>;

export interface HttpFrontOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Names, besides the usual ones, by which this server may be called. */
  allowedHosts: readonly string[];
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
  const inBudget = eachSecond(OTHERS_EACH_SECOND, options.now ?? (() => performance.now()));

  const live = (): HttpAnswer => {
    const silent = options.silentMs();
    if (silent < STALLED_AFTER_MS) return json(200, { status: 'ok' });
    return json(503, { status: 'stalled', silent_seconds: Math.round(silent / 1000) });
  };

  const answer = async ({ method, url = '', headers }: IncomingMessage): Promise<HttpAnswer> => {
    const path = url.split('?', 1)[0] ?? '';
    if (!url.startsWith('/')) {
      return problem(400, 'Bad request', 'The request must name a path, such as /metrics.', '');
    }
    if (method !== 'GET' && method !== 'HEAD') {
      const refusal = problem(405, 'Method not allowed', 'Everything here is read-only: GET.', path);
      return { ...refusal, headers: { ...refusal.headers, allow: 'GET, HEAD' } };
    }
    if (path === '/health/live') return live();
    // Probes call a server as they like, and health says nothing that a page could use.
    if (!path.startsWith('/health/') && headers.host !== undefined && !hostAllowed(headers.host)) {
      return problem(421, 'Misdirected request', WRONG_HOST, path);
    }
    if (HEALTH.has(path)) return health.get(path, () => options.ask(path));
    if (path === METRICS) return metrics.get(path, () => options.ask(path));
    return others.get(url, async () => {
      if (!inBudget()) throw new TooManyQuestions('too many different questions in this second');
      return options.ask(url);
    });
  };

  const server = createBoundedServer((request, response) => {
    answer(request)
      .catch((error: unknown) => toProblem(error, request))
      .then((found) => send(response, found))
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
