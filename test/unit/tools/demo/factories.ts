import { CSV_COLUMNS, type CsvColumn } from '../../../../src/pipelines/recordings/contract/csv-row.js';
import type { Outcome } from '../../../../src/pipelines/recordings/contract/outcome.js';
import { EXPECTED_OUTCOMES, SEED_KINDS, type SeedKind } from '../../../../tools/demo/expected-outcomes.js';
import type { Ledger, LedgerEntry, World } from '../../../../tools/demo/ledger.js';
import type { SeedPlanOptions } from '../../../../tools/demo/seed-plan.js';

export const planOptions = (changes: Partial<SeedPlanOptions> = {}): SeedPlanOptions => ({
  records: 60,
  testDate: '2025-12-20',
  subjectName: 'वाचन',
  bucket: 'recordings',
  region: 'ap-south-1',
  source: 'mongo',
  samples: {
    folder: 'samples',
    normal: ['a.wav', 'b.mp3'],
    anomalous: ['noise.wav'],
    corrupt: ['corrupt.mp3'],
    truncated: ['cut.wav'],
    empty: ['empty.wav'],
  },
  ...changes,
});

export const ledgerOptions = (source: 'mongo' | 'postgres' = 'mongo') => ({
  sourceCollection: 'student_assessment_record',
  source,
  maxReceiveCount: 3,
  scoredBeforeAt: new Date('2025-12-20T18:00:00.000Z'),
});

let messages = 0;

export function csvRow(
  entry: LedgerEntry,
  outcome: Outcome,
  receiveCount = 1,
  messageId = `message-${(messages += 1)}`,
): Record<CsvColumn, string> {
  const blank = Object.fromEntries(CSV_COLUMNS.map((column) => [column, ''])) as Record<CsvColumn, string>;
  return {
    ...blank,
    ...entry.rows[0],
    result_document_id: entry.resultDocumentId ?? '',
    processing_status: outcome,
    error: outcome === 'failed_pre_inference' ? 'AudioNotFound' : '',
    message_id: messageId,
    receive_count: String(receiveCount),
  };
}

/** What a faultless run leaves of a ledger. */
export function faultlessWorld(ledger: Ledger): World {
  const world: World = {
    results: [],
    csvRows: [],
    queue: { visible: 0, in_flight: 0, delayed: 0 },
    deadLetters: [],
  };
  for (const entry of ledger.entries) {
    const rule = EXPECTED_OUTCOMES[SEED_KINDS[entry.kind]];
    const id = entry.resultDocumentId ?? '';
    if (rule.result === 'written') world.results.push({ _id: id, updatedAtMs: 1 });
    if (rule.result === 'unchanged')
      world.results.push({ _id: id, updatedAtMs: entry.resultUpdatedAtMs ?? 0 });
    if (rule.deadLetters === 1) {
      world.deadLetters.push(JSON.stringify(entry.rows[0]));
      const messageId = `failing-${id}`;
      for (const receive of [1, 2, 3]) {
        world.csvRows.push(csvRow(entry, 'failed_pre_inference', receive, messageId));
      }
    } else if (rule.needed !== undefined) {
      world.csvRows.push(csvRow(entry, rule.needed));
      for (let more = 1; more < entry.deliveries; more += 1)
        world.csvRows.push(csvRow(entry, 'skipped_existing'));
    }
  }
  return world;
}

export function entryOf(ledger: Ledger, kind: SeedKind): LedgerEntry {
  const entry = ledger.entries.find((one) => one.kind === kind);
  if (entry === undefined) throw new Error(`the ledger has no ${kind}`);
  return entry;
}
