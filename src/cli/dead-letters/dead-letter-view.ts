import { storedAddress } from '../../objects/address.js';
import { readRecording } from '../../pipelines/recordings/contract/message.js';
import { resultDocumentId, type ResultIdBasis } from '../../pipelines/recordings/contract/identity.js';
import { readMessages } from '../../queue/read-messages.js';
import type { DeadLetterMessage } from '../../queue/sweep-dead-letter-queue.js';
import type { FailureRecord, RecordedFailure } from '../../pipelines/recordings/results/csv/read-failures.js';

/** The cause of letters whose failures nobody wrote down: lost hosts, or a CSV that is elsewhere. */
export const UNRECORDED = 'unrecorded';
/** The cause of letters that are no message of Vachan's. */
export const UNREADABLE = 'unreadable';

/** A dead letter as people may see it: no child's id, no query string, no body. */
export interface DeadLetterView {
  message_id: string;
  /** The class of its last failure, or {@link UNRECORDED}, or {@link UNREADABLE}. */
  cause: string;
  /** Its last failure in full. */
  error: string | null;
  receive_count: number;
  sent_at: string | null;
  failed_at: string | null;
  /** Null for one that cannot be read. */
  recording: {
    result_document_id: string;
    source_collection: string;
    mongo_doc_id: string;
    test_date: string;
    record_type: string;
    subject_id: string;
    audio_s3_url: string;
    trace_id: string;
  } | null;
  failures: readonly RecordedFailure[];
}

/** Joins a letter with what the CSV and the logs know of it. */
export function viewDeadLetter(
  letter: DeadLetterMessage,
  record: FailureRecord,
  basis: ResultIdBasis,
): DeadLetterView {
  const { messageId, body, receiveCount, sentAtMs } = letter;
  const { items } = readMessages(
    [{ messageId, body, receiveCount, sentAtMs, receiptHandle: '' }],
    readRecording,
  );
  const message = items[0]?.message;
  const failures = record.get(messageId) ?? [];
  const last = failures.at(-1);
  return {
    message_id: messageId,
    cause: causeOf(last, message !== undefined),
    error: last?.error ?? null,
    receive_count: receiveCount,
    sent_at: sentAtMs === undefined ? null : new Date(sentAtMs).toISOString(),
    failed_at: last?.processed_at ?? null,
    recording:
      message === undefined
        ? null
        : {
            result_document_id: resultDocumentId(message, basis),
            source_collection: message.source_collection,
            mongo_doc_id: message.mongo_doc_id,
            test_date: message.test_date,
            record_type: message.record_type,
            subject_id: message.subject_id,
            audio_s3_url: storedAddress(message.audio_s3_url),
            trace_id: message.trace_id,
          },
    failures,
  };
}

function causeOf(last: RecordedFailure | undefined, readable: boolean): string {
  if (last !== undefined) return last.error.split(':')[0]!.trim();
  return readable ? UNRECORDED : UNREADABLE;
}

export interface LetterFilter {
  testDate?: string;
  /** A cause, compared without case. */
  reason?: string;
}

/** Whether a person's filters choose this letter. */
export function isChosen(view: DeadLetterView, { testDate, reason }: LetterFilter): boolean {
  if (testDate !== undefined && view.recording?.test_date !== testDate) return false;
  return reason === undefined || view.cause.toLowerCase() === reason.toLowerCase();
}

/** Letters by cause, the most frequent first. */
export function countCauses(views: readonly DeadLetterView[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { cause } of views) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
