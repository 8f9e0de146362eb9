import { setMaxListeners } from 'node:events';
import { DependencyUnavailable } from '../../platform/errors.js';
import { wait } from '../../platform/time/wait.js';
import { AttemptFailed } from '../download/attempt-failed.js';
import { backoffMs } from '../download/backoff.js';
import { createTargets } from './endpoint.js';
import { ConnectionCut, createExchange, type StoreAnswer } from './exchange.js';
import { readDocument, refusedBy } from './refusal.js';
import { createRequestClocks, type RequestClock, type RequestTimes } from './request-clock.js';
import { createSigner, type CredentialsProvider } from './sign.js';
import { byteLength, nameOf, type StoreRequest } from './store-request.js';

export interface RequestLimits {
  connectTimeoutMs: number;
  /** Without a sign of life: between two pieces that are sent or received, and until the answer. */
  silenceTimeoutMs: number;
  /** Attempts after the first. */
  maxRetries: number;
  backoffBaseMs: number;
}

export interface RequestsOptions {
  region: string;
  /** Unset is AWS. */
  endpoint?: string | undefined;
  credentials: CredentialsProvider;
  limits: RequestLimits;
  /** Sent with each request: a bucket of another account is refused. */
  expectedBucketOwner?: string | undefined;
  /** Told before every attempt, for metrics. */
  onAttempt?: ((method: StoreRequest['method']) => void) | undefined;
  random?: () => number;
}

/** A line that moves less than this is as good as dead; the time of an attempt grows with its bytes accordingly. */
const SLOWEST_BYTES_PER_SECOND = 128 * 1024;
/** S3 takes a signature whose time is 15 minutes off; beyond this a refusal is put down to the clock. */
const TOLERATED_SKEW_MS = 5 * 60_000;
/** A new region, newer credentials, a corrected clock, a connection that had been idle: each helps at once, or never. */
const MAX_CORRECTIONS = 4;

export interface Requests {
  /**
   * Sends a request until an attempt succeeds, and reads its answer within the same attempt. What an attempt learns of the store (the
   * region of a bucket, its clock) is kept for the next ones.
   *
   * @param read resolves to what the answer means; an AttemptFailed of it is tried again
   */
  send<T>(
    request: StoreRequest,
    read: (response: StoreAnswer, clock: RequestClock) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T>;
  close(): void;
}

export function createRequests(options: RequestsOptions): Requests {
  const { limits, credentials, onAttempt, random = Math.random } = options;
  const exchange = createExchange();
  const clocks = createRequestClocks();
  const sign = createSigner();
  const targetOf = createTargets(options.endpoint);
  const regions = new Map<string, string>();
  let clockOffsetMs = 0;
  const { expectedBucketOwner } = options;

  async function attempt<T>(
    request: StoreRequest,
    read: (response: StoreAnswer, clock: RequestClock) => Promise<T>,
    forceRefresh: boolean,
    clock: RequestClock,
  ): Promise<T> {
    const region = regions.get(request.bucket) ?? options.region;
    const target = targetOf(region, request.bucket, request.key);
    const provided = await provide(credentials, forceRefresh);
    // Others learn the store's time meanwhile.
    const signedOffsetMs = clockOffsetMs;
    const headers = sign(request, target, {
      credentials: provided,
      region,
      date: new Date(Date.now() + signedOffsetMs),
      expectedBucketOwner,
    });
    onAttempt?.(request.method);
    const response = await exchange.send(request, target, headers, clock);
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return read(response, clock);

    const document = (await readDocument(response, clock)).toString('utf8');
    const refused = refusedBy(response, document, request);
    if (refused.region !== undefined && refused.region !== region) {
      regions.set(request.bucket, refused.region);
      throw new Corrected(refused.error);
    }
    const storeMs = Date.parse(response.headers.date ?? '');
    const isRefusal = statusCode === 400 || statusCode === 403;
    if (isRefusal && Math.abs(storeMs - Date.now() - signedOffsetMs) > TOLERATED_SKEW_MS) {
      clockOffsetMs = storeMs - Date.now();
      throw new Corrected(refused.error);
    }
    if (refused.credentialsRefused && !forceRefresh) throw new Corrected(refused.error, true);
    throw refused.error;
  }

  return {
    async send(request, read, signal) {
      // One signal stops a task's requests, of which there are many at a time.
      if (signal !== undefined) setMaxListeners(0, signal);
      let corrections = 0;
      let forceRefresh = false;
      for (let failures = 0; ;) {
        const clock = clocks.start(timesOf(request, limits), signal);
        try {
          return await attempt(request, read, forceRefresh, clock);
        } catch (error) {
          if (signal?.aborted === true) throw signal.reason;
          if (error instanceof Corrected) {
            forceRefresh = error.newCredentials;
            if (++corrections > MAX_CORRECTIONS) throw error.refusal;
            continue;
          }
          if (!(error instanceof AttemptFailed)) throw error;
          if (error instanceof ConnectionCut && error.wasIdle && ++corrections <= MAX_CORRECTIONS) continue;
          if (failures === limits.maxRetries) throw exhausted(error, request, failures + 1);
          await wait(backoffMs(error, failures, limits.backoffBaseMs, random), signal);
          failures++;
        } finally {
          clock.stop();
        }
      }
    },
    close: () => exchange.close(),
  };
}

/** An attempt taught something that the next one makes use of, without a pause. */
class Corrected extends Error {
  constructor(
    readonly refusal: Error,
    readonly newCredentials = false,
  ) {
    super(refusal.message);
  }
}

async function provide(credentials: CredentialsProvider, forceRefresh: boolean) {
  try {
    return await credentials(forceRefresh ? { forceRefresh } : undefined);
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown error';
    throw new DependencyUnavailable(`There are no AWS credentials for this process (${why})`, {
      cause: error,
    });
  }
}

function timesOf({ body, answerTimeoutMs, answerBytes }: StoreRequest, limits: RequestLimits): RequestTimes {
  const sentBytes = body !== undefined && 'bytes' in body ? byteLength(body.bytes) : 0;
  const movingMs = ((sentBytes + (answerBytes ?? 0)) / SLOWEST_BYTES_PER_SECOND) * 1000;
  const silenceTimeoutMs = Math.max(limits.silenceTimeoutMs, answerTimeoutMs ?? 0);
  return {
    connectTimeoutMs: limits.connectTimeoutMs,
    silenceTimeoutMs,
    attemptTimeoutMs: limits.connectTimeoutMs + silenceTimeoutMs + movingMs,
  };
}

function exhausted(last: AttemptFailed, request: StoreRequest, attempts: number): DependencyUnavailable {
  return new DependencyUnavailable(
    `S3 could not ${request.action} ${nameOf(request)} in ${attempts} attempts, at last: ${last.message}`,
    { cause: last },
  );
}
