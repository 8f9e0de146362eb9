import { z } from 'zod';
import { isoMillisSchema, calendarDateSchema } from '../../../contract/dates.js';
import { TEXT_LIMITS } from '../../../contract/text-limits.js';
import { RECORDING_TEXT_LIMITS } from './text-limits.js';

export const RECORD_TYPES = ['teacher_record', 'admin_record'] as const;
export const recordTypeSchema = z.enum(RECORD_TYPES);
export type RecordType = z.infer<typeof recordTypeSchema>;

const text = (limit: number) => z.string().min(1).max(limit);
const id = text(TEXT_LIMITS.id);

/**
 * A candidate row: one subject of one record type of one assessment of one source document (Mongo), or one
 * table row (Postgres), with its dates already in wire form.
 */
export const sourceRowSchema = z.object({
  source_collection: text(RECORDING_TEXT_LIMITS.source_collection),
  mongo_doc_id: id,
  /** With Postgres rows only; both hold the table's `assessment_record_id`. */
  source_record_id: id.optional(),
  assessment_record_id: id.optional(),
  test_date: calendarDateSchema,
  record_type: recordTypeSchema,
  subject_id: id,
  subject_name: text(RECORDING_TEXT_LIMITS.subject_name),
  audio_s3_url: text(TEXT_LIMITS.address),
  source_updated_at: isoMillisSchema,
  subject_created_at: isoMillisSchema,
  student_id: z.string().max(TEXT_LIMITS.id).nullable(),
  udise: z.string().max(TEXT_LIMITS.id).nullable(),
});
export type SourceRow = z.infer<typeof sourceRowSchema>;
