import type { IncomingHttpHeaders } from 'node:http';
import { parseRetryAfter } from '../../../../objects/download/backoff.js';

/** An API that asks for more is asked again after this: a slip of its clock or its units must not stop jobs for days. */
export const MAX_RETRY_AFTER_MS = 5 * 60_000;

/** Beyond it a rate limit's reset is a point in time (Unix seconds), and no duration. */
const SECONDS_ARE_A_DATE = 1_000_000_000;

/** What `Retry-After` asks for, in seconds or as an HTTP date, capped. */
export function retryAfterMs(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  const asked = parseRetryAfter(headers['retry-after'], nowMs);
  return asked === undefined ? undefined : Math.min(MAX_RETRY_AFTER_MS, asked);
}

/**
 * How long the rate limit says to wait before the next call: until its reset, once nothing of it remains
 * (`X-RateLimit-Remaining`, `X-RateLimit-Reset`, or the same without `X-`). Capped.
 */
export function rateLimitPauseMs(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  const read = (name: string): number | undefined => {
    const value = headers[`x-ratelimit-${name}`] ?? headers[`ratelimit-${name}`];
    return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  };
  const remaining = read('remaining');
  const reset = read('reset');
  if (remaining === undefined || remaining > 0 || reset === undefined) return undefined;
  const milliseconds = reset >= SECONDS_ARE_A_DATE ? reset * 1000 - nowMs : reset * 1000;
  return Math.min(MAX_RETRY_AFTER_MS, Math.max(0, milliseconds));
}
