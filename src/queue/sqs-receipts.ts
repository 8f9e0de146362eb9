import { ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import { inBatches, type EntryFailure } from './entry-batches.js';
import type { ReceiptReport } from './message-queue.js';
import { CALL_ATTEMPTS, callSqs, failUnanswered, toEntryFailures, type SqsSender } from './sqs-calls.js';

/** SQS's bounds for a visibility: 0 gives back at once, 12 hours is the most. */
const MAX_VISIBILITY_SECONDS = 43_200;

export interface ReceiptCallContext {
  client: SqsSender;
  url: string;
  concurrency: number;
}

/** Sets each message's visibility to end so many seconds from now, in calls of ten. */
export async function changeVisibility(
  { client, url, concurrency }: ReceiptCallContext,
  entries: readonly { receiptHandle: string; seconds: number }[],
): Promise<ReceiptReport> {
  const failures = await inBatches({
    entries,
    concurrency,
    attempts: CALL_ATTEMPTS,
    call: (batch) =>
      failUnanswered(batch, async () => {
        const command = new ChangeMessageVisibilityBatchCommand({
          QueueUrl: url,
          Entries: batch.map(({ index, entry }) => ({
            Id: String(index),
            ReceiptHandle: entry.receiptHandle,
            VisibilityTimeout: Math.min(MAX_VISIBILITY_SECONDS, Math.max(0, Math.round(entry.seconds))),
          })),
        });
        const answer = await callSqs('ChangeMessageVisibility', url, (options) =>
          client.send(command, options),
        );
        return toEntryFailures(answer.Failed);
      }),
  });
  return toReceiptReport(failures, (index) => entries[index]!.receiptHandle);
}

/** Deletes messages in calls of ten. SQS may answer well for a stale receipt of a standard queue. */
export async function deleteMessages(
  { client, url, concurrency }: ReceiptCallContext,
  receiptHandles: readonly string[],
): Promise<ReceiptReport> {
  const failures = await inBatches({
    entries: receiptHandles,
    concurrency,
    attempts: CALL_ATTEMPTS,
    call: (batch) =>
      failUnanswered(batch, async () => {
        const command = new DeleteMessageBatchCommand({
          QueueUrl: url,
          Entries: batch.map(({ index, entry }) => ({ Id: String(index), ReceiptHandle: entry })),
        });
        const answer = await callSqs('DeleteMessage', url, (options) => client.send(command, options));
        return toEntryFailures(answer.Failed);
      }),
  });
  return toReceiptReport(failures, (index) => receiptHandles[index]!);
}

const LOST_CODES = /ReceiptHandleIsInvalid|MessageNotInflight/;

/** SQS also answers with its general code, and says only in the text that it is about the receipt. */
const LOST_REASONS =
  /receipt ?handle.*(?:expired|invalid)|not available for visibility timeout change|message does not exist/i;

/**
 * Whether a refusal means that the receipt is worthless now: the message is visible again, with another consumer,
 * or gone. "Total VisibilityTimeout is beyond the limit" is not among them: that receipt can still delete.
 */
function isLost({ code, reason }: EntryFailure): boolean {
  return LOST_CODES.test(code) || (code.includes('InvalidParameterValue') && LOST_REASONS.test(reason));
}

function toReceiptReport(
  failures: readonly EntryFailure[],
  receiptOf: (index: number) => string,
): ReceiptReport {
  const report: ReceiptReport = { lost: [], failed: [] };
  for (const failure of failures)
    (isLost(failure) ? report.lost : report.failed).push(receiptOf(failure.index));
  return report;
}
