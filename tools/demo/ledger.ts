import type { CsvColumn } from '#vachan/pipelines/recordings/contract/csv-row.js';
import type { QueueDepth } from '#vachan/contract/backlog.js';
import { EXPECTED_OUTCOMES, SEED_KINDS, type SeedKind } from './expected-outcomes.js';
import { groupBy, take } from './groups.js';

/** One seeded recording or message, and how to find it again. */
export interface LedgerEntry {
  kind: SeedKind;
  /** Rows of the source, or messages without one, that are this recording. */
  rows: RowName[];
  /** Undefined for what is no recording. */
  resultDocumentId: string | undefined;
  /** Messages that will be in SQS for it, at the most. */
  deliveries: number;
  /** When the seeded result was written, in milliseconds since the epoch. */
  resultUpdatedAtMs?: number;
}

/** Names a row in messages, CSV and results. */
export interface RowName {
  mongo_doc_id: string;
  record_type: string;
  subject_id: string;
}

export interface Ledger {
  testDate: string;
  maxReceiveCount: number;
  entries: LedgerEntry[];
}

/** What is there afterwards. */
export interface World {
  results: { _id: string; updatedAtMs: number }[];
  csvRows: Record<CsvColumn, string>[];
  queue: QueueDepth;
  /** Bodies of the dead-letter queue. */
  deadLetters: string[];
}

export interface CheckOptions {
  /**
   * True where workers were killed or stopped: a delivery may then leave no CSV row, and one that came again finds
   * its result there.
   */
  interrupted?: boolean;
}

/** How many of each kind were seeded. */
export function countKinds(ledger: Ledger): Partial<Record<SeedKind, number>> {
  const counts: Partial<Record<SeedKind, number>> = {};
  for (const { kind } of ledger.entries) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * Compares every ledger entry with the world, and the world with the ledger.
 *
 * @returns one line a difference; empty when everything ended where the contract says
 */
export function differences(ledger: Ledger, world: World, options: CheckOptions = {}): string[] {
  const found: string[] = [];
  const results = new Map(world.results.map((result) => [result._id, result.updatedAtMs]));
  const csvByRow = groupBy(world.csvRows, rowId);
  const deadByRow = groupBy(world.deadLetters, (body) => rowIdOfBody(body) ?? 'no recording');

  for (const entry of ledger.entries) {
    const { name, ids } = describe(entry);
    const csvRows = ids.flatMap((id) => take(csvByRow, id));
    const dead = ids.flatMap((id) => take(deadByRow, id)).length;
    const complaints = [
      resultComplaint(entry, results),
      ...csvComplaints(entry, csvRows, ledger.maxReceiveCount, options),
      deadLetterComplaint(entry, dead),
    ];
    if (entry.resultDocumentId !== undefined) results.delete(entry.resultDocumentId);
    for (const complaint of complaints) if (complaint !== undefined) found.push(`${name}: ${complaint}`);
  }

  found.push(...repeatedDeliveries(world.csvRows));
  for (const id of results.keys()) found.push(`result ${id}: nobody seeded its recording`);
  for (const id of csvByRow.keys()) found.push(`CSV row of ${id}: nobody seeded it`);
  for (const id of deadByRow.keys()) found.push(`dead letter of ${id}: it should not be there`);
  const { visible, in_flight: inFlight, delayed } = world.queue;
  if (visible + inFlight + delayed > 0) {
    found.push(`the queue is not empty: ${visible} visible, ${inFlight} in flight, ${delayed} delayed`);
  }
  return found;
}

function resultComplaint(entry: LedgerEntry, results: ReadonlyMap<string, number>): string | undefined {
  if (entry.resultDocumentId === undefined) return undefined;
  const updatedAt = results.get(entry.resultDocumentId);
  switch (EXPECTED_OUTCOMES[SEED_KINDS[entry.kind]].result) {
    case 'written':
      return updatedAt === undefined ? 'expected a result, found none' : undefined;
    case 'none':
      return updatedAt === undefined ? undefined : 'expected no result, found one';
    case 'unchanged':
      if (updatedAt === undefined) return 'its earlier result is gone';
      return updatedAt === entry.resultUpdatedAtMs ? undefined : 'its earlier result was written again';
  }
}

function* csvComplaints(
  entry: LedgerEntry,
  rows: readonly Record<CsvColumn, string>[],
  maxReceiveCount: number,
  options: CheckOptions,
): Generator<string> {
  const rule = EXPECTED_OUTCOMES[SEED_KINDS[entry.kind]];
  const interrupted = options.interrupted === true && rule.rows.max !== 0;
  const most =
    rule.rows.max === 'receives'
      ? maxReceiveCount
      : rule.rows.max === 'deliveries'
        ? entry.deliveries
        : rule.rows.max;
  const least = rule.rows.max === 'receives' ? maxReceiveCount : rule.rows.min;
  const bounds = interrupted ? { least: 0, most: entry.deliveries * maxReceiveCount } : { least, most };
  if (rows.length < bounds.least || rows.length > bounds.most) {
    const expected = bounds.least === bounds.most ? bounds.least : `${bounds.least} to ${bounds.most}`;
    yield `expected ${expected} CSV rows, found ${rows.length}`;
  }
  const allowed: readonly string[] = interrupted ? [...rule.outcomes, 'skipped_existing'] : rule.outcomes;
  for (const row of rows) {
    if (!allowed.includes(row.processing_status)) {
      yield `expected ${allowed.join(' or ') || 'no outcome'}, its CSV row says ${row.processing_status}${row.error === '' ? '' : ` (${row.error})`}`;
    }
    if (row.processing_status === 'failed_pre_inference' && row.error === '') {
      yield 'its CSV row names no error';
    }
    if (row.result_document_id !== entry.resultDocumentId) yield 'its CSV row has another result_document_id';
  }
  if (rule.needed !== undefined && rows.length > 0 && !interrupted) {
    const has = rows.some((row) => row.processing_status === rule.needed);
    if (!has) yield `expected a CSV row that says ${rule.needed}, found none`;
  }
}

function deadLetterComplaint(entry: LedgerEntry, dead: number): string | undefined {
  const expected = EXPECTED_OUTCOMES[SEED_KINDS[entry.kind]].deadLetters;
  return dead === expected ? undefined : `expected ${expected} dead-letter messages, found ${dead}`;
}

function repeatedDeliveries(rows: readonly Record<CsvColumn, string>[]): string[] {
  const deliveries = groupBy(rows, (row) => `message ${row.message_id}, receive ${row.receive_count}`);
  return [...deliveries]
    .filter(([, same]) => same.length > 1)
    .map(([delivery, same]) => `${delivery}: ${same.length} CSV rows for one delivery`);
}

function describe(entry: LedgerEntry): { name: string; ids: string[] } {
  const ids = entry.rows.map(rowId);
  return { name: `${entry.kind} ${ids.join(' and ')}`, ids };
}

const rowId = (row: RowName): string => `${row.mongo_doc_id}/${row.record_type}/${row.subject_id}`;

function rowIdOfBody(body: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as Partial<RowName> | null;
    const { mongo_doc_id: doc, record_type: type, subject_id: subject } = parsed ?? {};
    if (doc === undefined || type === undefined || subject === undefined) return undefined;
    return rowId({ mongo_doc_id: doc, record_type: type, subject_id: subject });
  } catch {
    return undefined;
  }
}
