import { RECORD_TYPES, sourceRowSchema, type RecordType, type SourceRow } from '../contract/source-row.js';
import { normalizeName } from '../contract/subject-name.js';
import { isCandidate } from './candidate.js';
import { orderKeyOf } from './mongo-id-order.js';
import { idText, idTypeName } from './mongo-ids.js';
import type { UnusableRow } from './source-repository.js';
import type { TestDay } from './test-day.js';
import { unusableReason } from './unusable-reason.js';

/** One subject of one record type of one assessment, as the document holds it. */
export interface SubjectEntry {
  testDate: unknown;
  recordType: RecordType;
  subject: Record<string, unknown>;
}

/** A candidate of a document: a row that can be queued, or why it cannot. */
export type Candidate =
  | { timeMs: number; docId: string; row: SourceRow; unusable?: never }
  | { timeMs: number; docId: string; row?: never; unusable: UnusableRow };

/** Every subject in a document. Whatever is not of the expected shape is passed over: the source is somebody else's. */
export function* subjectsOf(document: Record<string, unknown>): Generator<SubjectEntry> {
  for (const assessment of recordsIn(document['assessments'])) {
    for (const recordType of RECORD_TYPES) {
      const record = assessment[recordType];
      if (!isRecord(record)) continue;
      for (const subject of recordsIn(record['subjects'])) {
        yield { testDate: assessment['test_date'], recordType, subject };
      }
    }
  }
}

/** Whether a subject is a candidate of the run. */
export function isCandidateSubject(entry: SubjectEntry, day: TestDay, subjectName: string): boolean {
  const { subject_name, audio_url, subject_created_at } = entry.subject;
  return isCandidate(
    { test_date: entry.testDate, subject_name, audio_url, subject_created_at },
    day,
    subjectName,
  );
}

/**
 * The candidates of a document, in no particular order.
 *
 * @param orderKey by which the database orders the document; one whose `_id` has another key here is unusable,
 *   since its place in the order would be in doubt
 */
export function candidatesOf(
  document: Record<string, unknown>,
  orderKey: string,
  sourceCollection: string,
  day: TestDay,
  subjectName: string,
): Candidate[] {
  const candidates: Candidate[] = [];
  const id = idText(document['_id']);
  const docId = id !== undefined && orderKeyOf(id) === orderKey ? id : undefined;
  for (const entry of subjectsOf(document)) {
    if (!isCandidateSubject(entry, day, subjectName)) continue;
    const createdAt = entry.subject['subject_created_at'] as Date;
    const candidate = {
      source_collection: sourceCollection,
      mongo_doc_id: docId,
      // One form and one spelling for all, so that a row typed another way is no other recording.
      test_date: day.date,
      record_type: entry.recordType,
      subject_id: idText(entry.subject['subject_id']),
      subject_name: normalizeName(subjectName),
      audio_s3_url: entry.subject['audio_url'],
      subject_created_at: createdAt.toISOString(),
      source_updated_at: createdAt.toISOString(),
      student_id: idText(document['student_id']) ?? null,
      udise: idText(document['udise']) ?? null,
    };
    const parsed = sourceRowSchema.safeParse(candidate);
    const place = { timeMs: createdAt.getTime(), docId: docId ?? orderKey };
    if (parsed.success) candidates.push({ ...place, row: parsed.data });
    else {
      const reason =
        refusedType('mongo_doc_id', document['_id'], id) ??
        (docId === undefined ? 'mongo_doc_id_unordered' : undefined) ??
        refusedType('subject_id', entry.subject['subject_id'], candidate.subject_id) ??
        unusableReason(parsed.error, candidate);
      const { record_type, subject_id = null } = candidate;
      candidates.push({ ...place, unusable: { mongo_doc_id: place.docId, record_type, subject_id, reason } });
    }
  }
  return candidates;
}

/** Names the type of an id that has no text form. */
function refusedType(field: string, id: unknown, text: string | undefined): string | undefined {
  return text === undefined && id !== undefined && id !== null
    ? `${field}_type_${idTypeName(id)}`
    : undefined;
}

function recordsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
