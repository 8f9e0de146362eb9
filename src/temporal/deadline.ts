import type { Client } from '@temporalio/client';

/** A server answers such calls within milliseconds, and a busy one within seconds. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Bounds a call that somebody waits for: one that the network swallowed on a connection that was open has been waited for for ten minutes.
 *
 * @throws ServiceError of gRPC's code 4, DEADLINE_EXCEEDED
 */
export function withDeadline<T>(client: Client, call: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + ANSWER_WITHIN_MS, call);
}
