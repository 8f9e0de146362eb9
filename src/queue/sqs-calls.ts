import type { BatchResultErrorEntry, SQSClient } from '@aws-sdk/client-sqs';
import { DependencyUnavailable } from '../platform/errors.js';
import type { EntryFailure } from './entry-batches.js';
import { toQueueError, vendorCode, type SqsAction } from './sqs-errors.js';

/** Times one entry is sent in all: throttling passes within seconds, and callers' leases run on. */
export const CALL_ATTEMPTS = 4;

/** A call that SQS answers at all is answered well within this; it covers the SDK's own second attempt. */
const CALL_TIMEOUT_MS = 15_000;

/** All of the client that the queue uses: tests wrap it to inject faults. */
export type SqsSender = Pick<SQSClient, 'send'>;

export interface CallOptions {
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Makes one call within a time limit.
 *
 * @throws the signal's reason when it aborted, otherwise `InvalidInput` or `DependencyUnavailable`
 */
export async function callSqs<Answer>(
  action: SqsAction,
  url: string,
  send: (options: { abortSignal: AbortSignal }) => Promise<Answer>,
  { timeoutMs = CALL_TIMEOUT_MS, signal }: CallOptions = {},
): Promise<Answer> {
  signal?.throwIfAborted();
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return await send({ abortSignal: signal === undefined ? limit : AbortSignal.any([limit, signal]) });
  } catch (error) {
    signal?.throwIfAborted();
    const cause = limit.aborted ? (limit.reason as unknown) : error;
    throw toQueueError(cause, action, url);
  }
}

/** Codes under which SQS marks an entry as the sender's fault although the same entry may pass a moment later. */
const TRANSIENT_CODES = /Throttl|OverLimit|InternalError|ServiceUnavailable|KmsThrottled/i;

/** A batch call's refusals by their place; ids are the places. */
export function toEntryFailures(failed: readonly BatchResultErrorEntry[] | undefined): EntryFailure[] {
  return (failed ?? []).map((entry) => ({
    index: Number(entry.Id),
    code: entry.Code ?? 'Unknown',
    reason: entry.Message ?? 'SQS gave no reason',
    final: entry.SenderFault === true && !TRANSIENT_CODES.test(entry.Code ?? ''),
  }));
}

/** Turns a batch call that SQS did not answer into failures of its entries; what nobody can retry passes through. */
export async function failUnanswered(
  batch: readonly { index: number }[],
  call: () => Promise<EntryFailure[]>,
): Promise<EntryFailure[]> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof DependencyUnavailable)) throw error;
    const code = vendorCode(error.cause);
    return batch.map(({ index }) => ({ index, code, reason: error.message, final: false }));
  }
}
