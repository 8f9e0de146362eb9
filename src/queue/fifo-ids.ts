import { createHash } from 'node:crypto';
import type { IdentityFields } from '../pipelines/recordings/contract/identity.js';

/** SQS allows 128 characters, of which the result's id has 64. */
const DIGEST_CHARACTERS = 32;

/** What a FIFO queue orders a message by, and by what it takes two for one. */
export interface FifoIds {
  groupId: string;
  deduplicationId: string;
}

/**
 * A recording is a group of its own, so that one that waits for another try holds up no other.
 *
 * A FIFO queue drops, without a word, whatever has an id that it has taken within five minutes. So the id tells one sending from another:
 * a page that is tried again is deduplicated, while a second run of the date arrives (and ends as `skipped_existing` where there
 * is a result). It tells rows and signatures apart too, since the copy that is dropped could be the one that can be read.
 *
 * @param sending one run's workflow run id, or what names one start of a command
 */
export function fifoIds(message: IdentityFields, resultDocumentId: string, sending: string): FifoIds {
  const { mongo_doc_id: docId, record_type: recordType, subject_id: subjectId, audio_s3_url: url } = message;
  const digest = createHash('sha256').update(JSON.stringify([sending, docId, recordType, subjectId, url]));
  return {
    groupId: resultDocumentId,
    deduplicationId: `${resultDocumentId}-${digest.digest('hex').slice(0, DIGEST_CHARACTERS)}`,
  };
}
