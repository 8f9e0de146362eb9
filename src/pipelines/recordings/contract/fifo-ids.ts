import { fifoIds, type FifoIds } from '../../../queue/fifo-ids.js';
import type { IdentityFields } from './identity.js';

/**
 * A recording is a group of its own, so that one that waits for another try holds up no other. Its rows and
 * signatures are told apart, since the copy that a FIFO queue drops could be the one that can be read. A second run's
 * copy ends as `skipped_existing` where there is a result.
 *
 * @param sending one run's workflow run id, or what names one start of a command
 */
export function recordingFifoIds(
  message: IdentityFields,
  resultDocumentId: string,
  sending: string,
): FifoIds {
  const { mongo_doc_id: docId, record_type: recordType, subject_id: subjectId, audio_s3_url: url } = message;
  return fifoIds(resultDocumentId, [docId, recordType, subjectId, url], sending);
}
