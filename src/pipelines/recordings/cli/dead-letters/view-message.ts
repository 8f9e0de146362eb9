import { viewDeadLetter, type DeadLetterView } from '../../../../commands/dead-letters/dead-letter-view.js';
import { storedAddress } from '../../../../objects/address.js';
import { readMessages } from '../../../../queue/read-messages.js';
import type { DeadLetterMessage } from '../../../../queue/sweep-dead-letter-queue.js';
import { resultDocumentId, type ResultIdBasis } from '../../contract/identity.js';
import { readRecording } from '../../contract/message.js';
import type { FailureRecord } from '../../results/csv/read-failures.js';

/** Joins a message with what the CSV and the logs know of it; never a child's id. */
export function viewMessage(
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
  const content =
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
        };
  return viewDeadLetter(letter, content, record.get(messageId) ?? []);
}
