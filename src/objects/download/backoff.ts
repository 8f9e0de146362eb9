import { fullJitterMs } from '../../platform/time/backoff.js';
import type { AttemptFailed } from './attempt-failed.js';

/** No wait is longer: a batch holds its messages meanwhile. */
const LONGEST_WAIT_MS = 20_000;
/** A store that asks to slow down means all its callers: wait as if this many attempts had failed before. */
const THROTTLED_HEAD_START = 2;

/**
 * Waits longer where the store asks for it.
 *
 * @param attempt 0 for the wait after the first attempt
 * @param random in [0, 1)
 */
export function backoffMs(
  failure: AttemptFailed,
  attempt: number,
  baseMs: number,
  random: () => number,
): number {
  const exponent = attempt + (failure.reason === 'throttled' ? THROTTLED_HEAD_START : 0);
  const wait = fullJitterMs(exponent, { baseMs, maxMs: LONGEST_WAIT_MS }, random);
  return Math.min(LONGEST_WAIT_MS, Math.max(wait, failure.retryAfterMs ?? 0));
}

/** Milliseconds of a `Retry-After` header in seconds or as a date; undefined when it is absent or neither. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(header)) return Number(header) * 1_000;
  // JavaScript finds a date in nearly anything that has a digit, such as -5.
  const date = /\d:\d\d/.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
