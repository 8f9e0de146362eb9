import { randomUUID } from 'node:crypto';
import { fullJitterMs } from '../../../../platform/time/backoff.js';
import { wait } from '../../../../platform/time/wait.js';
import { ApiUnavailable } from '../../errors.js';
import type { ApiAuth } from './api-auth.js';
import { ApiFault, ApiThrottled } from './api-faults.js';
import type { Breaker, BreakerState } from './breaker.js';
import type { CallGate, CallKind } from './call-gate.js';
import type { HttpAnswer, HttpCaller } from './http-call.js';
import { rateLimitPauseMs, retryAfterMs } from './retry-after.js';

export type ApiOperation = 'status' | 'page' | 'link' | 'acknowledge';

/** A call of one API. */
export interface ApiCall {
  operation: ApiOperation;
  method?: 'GET' | 'POST';
  url: URL;
  body?: unknown;
  correlationId?: string | undefined;
  /** True where a redirect is the answer that is wanted. */
  wantsRedirect?: boolean;
  /** Whose share of the rate it is. @default that of the links for a link, else the listing's */
  share?: CallKind;
}

/** An attempt at a call, for metrics. */
export interface CallAttempt {
  operation: ApiOperation;
  seconds: number;
  /** Undefined where none came. */
  status: number | undefined;
}

/** Calls one API: who calls, how fast, and what becomes of faults. */
export interface ApiClient {
  readonly breaker: BreakerState;
  /** Answers with any status but 429 and 5xx. @throws ApiUnavailable */
  call(call: ApiCall, signal?: AbortSignal): Promise<HttpAnswer>;
  /** What a call to this address carries to say who calls; nothing for another origin. */
  credentialsFor(url: URL, signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
}

export interface ApiClientParts {
  /** The source's, for messages. */
  name: string;
  /** Credentials go nowhere else. */
  origin: string;
  caller: HttpCaller;
  auth: ApiAuth;
  gate: CallGate;
  breaker: Breaker;
  maxRetries: number;
  onAttempt?: (attempt: CallAttempt) => void;
  random?: () => number;
}

const BACKOFF = { baseMs: 500, maxMs: 5_000 } as const;
/** Longer waits are the activity's own, which holds no slot meanwhile. */
const LONGEST_RETRY_WAIT_MS = 5_000;
const MAX_REDIRECTS = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export function createApiClient(parts: ApiClientParts): ApiClient {
  const { gate, breaker, maxRetries, random = Math.random } = parts;
  return {
    get breaker() {
      return breaker.state;
    },
    async call(call, signal) {
      for (let attempt = 0; ; attempt++) {
        await gate.turn(shareOf(call), signal);
        try {
          return await breaker.run(() => authorizedCall(parts, call, signal));
        } catch (error) {
          const mayHelp = error instanceof ApiFault || error instanceof ApiThrottled;
          if (!mayHelp || attempt >= maxRetries) throw error;
          const delay = Math.max(fullJitterMs(attempt, BACKOFF, random), error.retryAfterMs ?? 0);
          if (delay > LONGEST_RETRY_WAIT_MS) throw error;
          await wait(delay, signal);
        }
      }
    },
    credentialsFor: async (url, signal) => (url.origin === parts.origin ? parts.auth.headers(signal) : {}),
  };
}

/** Every request has its turn, whatever makes it necessary. */
function shareOf({ operation, share }: ApiCall): CallKind {
  return share ?? (operation === 'link' ? 'link' : 'listing');
}

/** With other credentials once, where these were refused and others can be had. */
async function authorizedCall(
  parts: ApiClientParts,
  call: ApiCall,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const headers = await parts.auth.headers(signal);
  const answer = await followRedirects(parts, call, headers, signal);
  if (answer.status !== 401 || !parts.auth.refused(headers)) return answer;
  await parts.gate.turn(shareOf(call), signal);
  return await followRedirects(parts, call, await parts.auth.headers(signal), signal);
}

/** Within the API's origin, and for GET alone; any other redirect is the answer. */
async function followRedirects(
  parts: ApiClientParts,
  call: ApiCall,
  credentials: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  let { url } = call;
  for (let redirects = 0; ; redirects++) {
    const answer = await attempt(parts, { ...call, url }, credentials, signal);
    const { location } = answer.headers;
    const isRedirect = REDIRECTS.includes(answer.status) && location !== undefined;
    const follows = isRedirect && call.method !== 'POST' && call.wantsRedirect !== true;
    if (!follows || redirects === MAX_REDIRECTS || !URL.canParse(location, url.href)) return answer;
    const target = new URL(location, url);
    if (target.origin !== parts.origin) return answer;
    await parts.gate.turn(shareOf(call), signal);
    url = target;
  }
}

async function attempt(
  { name, caller, gate, onAttempt }: ApiClientParts,
  { operation, method = 'GET', url, body, correlationId }: ApiCall,
  credentials: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const started = performance.now();
  let status: number | undefined;
  try {
    const answer = await caller.call(
      {
        method,
        url,
        headers: {
          ...credentials,
          accept: 'application/json, application/problem+json',
          'user-agent': 'vachan',
          'x-correlation-id': headerValue(correlationId ?? randomUUID()),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
      signal,
    );
    ({ status } = answer);
    refuseTrouble(name, answer, gate);
    return answer;
  } catch (error) {
    throw named(error, name, operation);
  } finally {
    onAttempt?.({ operation, seconds: (performance.now() - started) / 1000, status });
  }
}

/** @throws ApiThrottled, ApiFault; a pause that the API asks for is everybody's in this process */
function refuseTrouble(name: string, { status, headers }: HttpAnswer, gate: CallGate): void {
  const now = Date.now();
  const asked = retryAfterMs(headers, now);
  const used = rateLimitPauseMs(headers, now);
  if (status === 429) {
    const pause = asked ?? used ?? DEFAULT_PAUSE_MS;
    gate.pause(pause);
    throw new ApiThrottled(`${name} asks to slow down (429).`, pause);
  }
  if (used !== undefined) gate.pause(used);
  if (status >= 500 || status === 408) throw new ApiFault(`${name} answers ${status}.`, asked);
}

/** After a 429 that does not say how long. */
const DEFAULT_PAUSE_MS = 1_000;

/** What went wrong below knows neither the API nor what was asked of it. */
function named(error: unknown, name: string, operation: ApiOperation): unknown {
  if (!(error instanceof ApiUnavailable) || error.message.startsWith(name)) return error;
  error.message = `${name}: ${error.message} (${operation})`;
  return error;
}

/** A correlation id is whatever a sender chose; a header takes visible ASCII. */
function headerValue(text: string): string {
  if (/^[\x21-\x7e]{1,256}$/.test(text)) return text;
  // Halves of surrogate pairs become U+FFFD.
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8')).slice(0, 256);
}
