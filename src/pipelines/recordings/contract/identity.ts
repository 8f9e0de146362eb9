import { createHash } from 'node:crypto';
import { storedAddress } from '../../../objects/address.js';

/** Which fields make two deliveries the same recording. */
export const RESULT_ID_BASES = {
  recording: ['source_collection', 'student_id', 'subject_name', 'test_date', 'audio_s3_url'],
  row: ['source_collection', 'mongo_doc_id', 'test_date', 'record_type', 'subject_id', 'audio_s3_url'],
} as const;
export type ResultIdBasis = keyof typeof RESULT_ID_BASES;

/** The fields that either basis reads. */
export interface IdentityFields {
  source_collection: string;
  mongo_doc_id: string;
  test_date: string;
  record_type: string;
  subject_id: string;
  subject_name: string;
  audio_s3_url: string;
  student_id: string | null;
}

/** The JSON array of the basis fields' values, in order, without spaces. */
export function dedupeKey(fields: IdentityFields, basis: ResultIdBasis): string {
  return JSON.stringify(
    RESULT_ID_BASES[basis].map((field) =>
      field === 'audio_s3_url' ? storedAddress(fields.audio_s3_url) : fields[field],
    ),
  );
}

/** Lower-case hex SHA-256 of the dedupe key's UTF-8 bytes: the result document's `_id`. */
export function resultDocumentId(fields: IdentityFields, basis: ResultIdBasis): string {
  return createHash('sha256').update(dedupeKey(fields, basis), 'utf8').digest('hex');
}
