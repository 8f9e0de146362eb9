import { resultDocumentId } from '#vachan/pipelines/recordings/contract/identity.js';
import { buildMessage, type RecordingMessage } from '#vachan/pipelines/recordings/contract/message.js';
import { SEED_KINDS, type SeedKind } from './expected-outcomes.js';
import type { Ledger, LedgerEntry } from './ledger.js';
import type { SeedPlan, PlannedRow } from './seed-plan.js';

/** Kinds whose message the seeder itself puts into SQS. */
const QUEUED_BY_SEEDER: readonly SeedKind[] = ['duplicate_delivery', 'deleted_after_queuing'];

export interface LedgerOptions {
  sourceCollection: string;
  source: 'mongo' | 'postgres';
  maxReceiveCount: number;
  /** When the results of an earlier run were written. */
  scoredBeforeAt: Date;
}

export const isQueuedBySeeder = (row: PlannedRow): boolean => QUEUED_BY_SEEDER.includes(row.kind);

/** True for rows that are sound: they have an identity and could be queued. */
export const isRecording = (row: PlannedRow): boolean => SEED_KINDS[row.kind] !== 'never_queued';

/** Rows hold both forms: the text, and the Date at UTC midnight. */
function dateOf(testDate: PlannedRow['test_date']): string {
  return testDate instanceof Date ? testDate.toISOString().slice(0, 10) : String(testDate);
}

/** The message that discovery would send for a sound row. */
export function messageOf(
  row: PlannedRow,
  options: Pick<LedgerOptions, 'sourceCollection' | 'source'>,
): RecordingMessage {
  const createdAt = row.subject_created_at;
  if (!(createdAt instanceof Date)) throw new TypeError(`${row.kind} rows have no message: no creation date`);
  const timestamp = createdAt.toISOString();
  const ids =
    options.source === 'postgres'
      ? { source_record_id: row.mongo_doc_id, assessment_record_id: row.mongo_doc_id }
      : {};
  return buildMessage(
    {
      ...ids,
      source_collection: options.sourceCollection,
      mongo_doc_id: row.mongo_doc_id,
      test_date: dateOf(row.test_date),
      record_type: row.record_type,
      subject_id: row.subject_id,
      subject_name: row.subject_name,
      audio_s3_url: row.audio_url ?? '',
      source_updated_at: timestamp,
      subject_created_at: timestamp,
      student_id: row.student_id,
      udise: row.udise,
    },
    `seed-${row.mongo_doc_id}`,
    createdAt,
  );
}

/** What must become of the rows; those with one identity share an entry. */
export function ledgerOf(plan: SeedPlan, options: LedgerOptions): Ledger {
  const entries: LedgerEntry[] = [];
  const byResult = new Map<string, LedgerEntry>();
  for (const row of plan.rows) {
    const { kind, mongo_doc_id, record_type, subject_id } = row;
    const name = { mongo_doc_id, record_type, subject_id };
    const id = isRecording(row) ? resultDocumentId(messageOf(row, options), 'recording') : undefined;
    const same = id === undefined ? undefined : byResult.get(id);
    if (same !== undefined) {
      same.rows.push(name);
      same.deliveries += 1;
      continue;
    }
    const entry: LedgerEntry = {
      kind,
      rows: [name],
      resultDocumentId: id,
      // Discovery sends one for a duplicate's row as well; never for a row that is gone.
      deliveries: kind === 'duplicate_delivery' ? 2 : isRecording(row) ? 1 : 0,
      ...(kind === 'scored_before' ? { resultUpdatedAtMs: options.scoredBeforeAt.getTime() } : {}),
    };
    entries.push(entry);
    if (id !== undefined) byResult.set(id, entry);
  }
  for (const _body of plan.malformed) {
    entries.push({ kind: 'malformed', rows: [], resultDocumentId: undefined, deliveries: 1 });
  }
  return { testDate: plan.testDate, maxReceiveCount: options.maxReceiveCount, entries };
}
