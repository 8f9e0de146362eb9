import { fullJitterMs } from '../platform/time/backoff.js';

const BOUNDS = {
  /** SQS throttles by the second; the first retry may come well within one. */
  baseMs: 100,
  /** Callers hold messages whose visibility runs on: longer waits would cost more than they bring. */
  maxMs: 2_000,
};

/** @param attempt 1 for the wait after the first attempt */
export function backoffMs(attempt: number, random?: () => number): number {
  return fullJitterMs(attempt - 1, BOUNDS, random);
}
