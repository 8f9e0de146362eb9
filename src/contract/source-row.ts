import { z } from 'zod';
import { isoMillisSchema, testDateSchema } from './dates.js';
import { TEXT_LIMITS } from './text-limits.js';
import { normalizeName } from './subject-name.js';

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
  source_collection: text(TEXT_LIMITS.source_collection),
  mongo_doc_id: id,
  /** With Postgres rows only; both hold the table's `assessment_record_id`. */
  source_record_id: id.optional(),
  assessment_record_id: id.optional(),
  test_date: testDateSchema,
  record_type: recordTypeSchema,
  subject_id: id,
  subject_name: text(TEXT_LIMITS.subject_name),
  audio_s3_url: text(TEXT_LIMITS.address),
  source_updated_at: isoMillisSchema,
  subject_created_at: isoMillisSchema,
  student_id: z.string().max(TEXT_LIMITS.id).nullable(),
  udise: z.string().max(TEXT_LIMITS.id).nullable(),
});
export type SourceRow = z.infer<typeof sourceRowSchema>;

/** What decides candidacy, before a row is known to be well-formed. */
export interface CandidateFields {
  test_date: unknown;
  subject_name: unknown;
  audio_url: unknown;
  subject_created_at: unknown;
}

/** A source's date: a string `YYYY-MM-DD`, or a Date at UTC midnight. Anything else is no test date. */
export function readTestDate(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  const iso = value.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : undefined;
}

/**
 * The candidate rule: the run's test date, the run's subject name (compared after Unicode NFC, since the
 * same Devanagari word is typed in more than one encoding), an audio URL, and a creation date that is a date.
 */
export function isCandidate(fields: CandidateFields, testDate: string, subjectName: string): boolean {
  return (
    readTestDate(fields.test_date) === testDate &&
    typeof fields.subject_name === 'string' &&
    normalizeName(fields.subject_name) === normalizeName(subjectName) &&
    typeof fields.audio_url === 'string' &&
    fields.audio_url.length > 0 &&
    fields.subject_created_at instanceof Date &&
    !Number.isNaN(fields.subject_created_at.getTime())
  );
}
