import { setTimeout as sleep } from 'node:timers/promises';

/** SQS throttles by the second; the first retry may come well within one. */
const BACKOFF_BASE_MS = 100;

/** Callers hold messages whose visibility runs on: longer waits would cost more than they bring. */
const BACKOFF_MAX_MS = 2_000;

/**
 * Full jitter: anything between nothing and the doubled, capped step, so that callers that were throttled together
 * do not come back together.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
}

/** Waits; rejects with the signal's reason when it aborts. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
