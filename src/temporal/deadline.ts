import type { Client } from '@temporalio/client';

/** A server answers within milliseconds, and a busy one within seconds. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Bounds a call that somebody waits for. Without it, one that the network swallowed on an open connection held up a run's batches for
 * as long as the activity around it may take.
 *
 * @throws ServiceError of gRPC's code 4, DEADLINE_EXCEEDED
 */
export function withDeadline<T>(
  client: Client,
  call: () => Promise<T>,
  milliseconds = ANSWER_WITHIN_MS,
): Promise<T> {
  return client.withDeadline(Date.now() + milliseconds, call);
}
