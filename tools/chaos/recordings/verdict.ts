import type { CsvColumn } from '#vachan/pipelines/recordings/contract/csv-row.js';
import { EXPECTED_OUTCOMES, SEED_KINDS } from '../../demo/expected-outcomes.js';
import type { Ledger, LedgerEntry } from '../../demo/ledger.js';
import type { QueueDepth } from '#vachan/contract/backlog.js';
import { groupBy, take } from '../../demo/groups.js';

/** A result as far as the checker looks at it. */
export interface FoundResult {
  _id: string;
  updatedAtMs: number;
  audioUrl: string;
  /** Undefined for a result that was seeded. */
  score: number | undefined;
}

/** What a run has left behind, read from MongoDB, the CSV and both queues. */
export interface Remains {
  results: FoundResult[];
  csvRows: Record<CsvColumn, string>[];
  queue: QueueDepth;
  /** Bodies of the dead-letter queue. */
  deadLetters: string[];
}

/** What did not end as the contract promises, one line each. */
export interface Verdict {
  /** A recording without its result, or without a row that says why; a message that never ended. */
  lost: string[];
  /** A delivery or a recording that was counted or scored more than once. */
  doubled: string[];
  /** Anything else that is not as it should be. */
  wrong: string[];
}

type CsvRow = Record<CsvColumn, string>;

/** Results of one recording that differ by more than this were not computed from the same audio. */
const SCORE_TOLERANCE = 1e-6;

/**
 * Holds what a run under fire has left against what was seeded. It shares names, the identity rule and the demo's
 * ledger with the system, so it could not see a fault in those.
 *
 * Deliveries may repeat and may die half-way, so it does not count them. It asks: has every recording exactly one
 * result, is every message that ended accounted for in the CSV, and is nothing there that nobody seeded?
 *
 * @param excused errors of the CSV that faults of this run account for: a sound recording may have failed so, if a later
 * delivery scored it
 */
export function judge(ledger: Ledger, remains: Remains, excused: ReadonlySet<string> = new Set()): Verdict {
  const verdict: Verdict = { lost: [], doubled: [], wrong: [] };
  const results = new Map(remains.results.map((result) => [result._id, result]));
  const rowsByName = groupBy(remains.csvRows, nameOf);
  const deadByName = groupBy(remains.deadLetters, (body) => nameOfBody(body));

  for (const entry of ledger.entries) {
    const names = entry.rows.map(nameOf);
    const rows = names.flatMap((name) => take(rowsByName, name));
    const dead = names.flatMap((name) => take(deadByName, name)).length;
    const result = entry.resultDocumentId === undefined ? undefined : results.get(entry.resultDocumentId);
    if (result !== undefined) results.delete(result._id);
    const found = judgeEntry(entry, rows, dead, result, excused);
    const name = `${entry.kind} ${names.join(' and ')}`;
    for (const key of ['lost', 'doubled', 'wrong'] as const) {
      verdict[key].push(...found[key].map((complaint) => `${name}: ${complaint}`));
    }
  }

  for (const id of results.keys()) verdict.wrong.push(`result ${id}: nobody seeded its recording`);
  for (const name of rowsByName.keys()) verdict.wrong.push(`CSV row of ${name}: nobody seeded it`);
  for (const name of deadByName.keys()) verdict.wrong.push(`dead letter of ${name}: it should not be there`);
  for (const [delivery, rows] of groupBy(remains.csvRows, deliveryOf)) {
    if (rows.length > 1) verdict.doubled.push(`${delivery}: ${rows.length} CSV rows for one delivery`);
  }
  verdict.wrong.push(...differingScores(remains.results));
  const { visible, in_flight: inFlight, delayed } = remains.queue;
  if (visible + inFlight + delayed > 0) {
    verdict.lost.push(`the queue still holds ${visible} visible, ${inFlight} in flight, ${delayed} delayed`);
  }
  return verdict;
}

function judgeEntry(
  entry: LedgerEntry,
  rows: readonly CsvRow[],
  dead: number,
  result: FoundResult | undefined,
  excused: ReadonlySet<string>,
): Verdict {
  const rule = EXPECTED_OUTCOMES[SEED_KINDS[entry.kind]];
  const verdict: Verdict = { lost: [], doubled: [], wrong: [] };
  const completed = rows.filter(({ processing_status: status }) => status === 'completed');

  if (rule.result === 'written') {
    if (result === undefined) verdict.lost.push('no result');
    else if (rows.length === 0) verdict.lost.push('a result, but no CSV row');
    if (result === undefined && completed.length > 0) verdict.wrong.push('completed in the CSV only');
  }
  if (rule.deadLetters === 0 && dead > 0)
    verdict.wrong.push(`${dead} dead-letter messages that should not be`);
  if (rule.result === 'none' && result !== undefined) verdict.wrong.push('a result that should not be');
  if (rule.result === 'unchanged') {
    if (result === undefined) verdict.lost.push('its earlier result is gone');
    else if (result.updatedAtMs !== entry.resultUpdatedAtMs)
      verdict.wrong.push('its earlier result was changed');
  }
  // Discoveries that start anew queue it again, so that there may be more than one.
  if (rule.deadLetters > 0 && dead === 0) verdict.lost.push('no dead letter');
  if (rule.needed !== undefined && rule.result === 'none' && rows.length === 0) {
    verdict.lost.push('no CSV row says what became of it');
  }

  // A second message of a recording may find its result, or the first one in the very same batch.
  const repeats = rule.outcomes.length > 0 ? ['skipped_existing'] : [];
  const allowed: readonly string[] = [...rule.outcomes, ...repeats];
  const isExcused = (row: CsvRow): boolean =>
    rule.result === 'written' &&
    row.processing_status === 'failed_pre_inference' &&
    excused.has(row.error.replace(/:.*$/s, ''));
  for (const row of rows) {
    if (!allowed.includes(row.processing_status) && !isExcused(row)) {
      const why = row.error === '' ? '' : ` (${row.error})`;
      verdict.wrong.push(`a CSV row says ${row.processing_status}${why}`);
    }
    if (row.processing_status === 'failed_pre_inference' && row.error === '') {
      verdict.wrong.push('a CSV row of a failure names no error');
    }
    if (row.result_document_id !== entry.resultDocumentId) {
      verdict.wrong.push('a CSV row has another result_document_id');
    }
  }
  for (const [message, same] of groupBy(completed, (row) => row.message_id)) {
    if (same.length > 1) verdict.doubled.push(`message ${message} was completed ${same.length} times`);
  }
  return verdict;
}

/** The same audio scores the same, whichever worker, attempt or restart scored it. */
function differingScores(results: readonly FoundResult[]): string[] {
  const fileOf = ({ audioUrl }: FoundResult): string => audioUrl.replace(/[?#].*$/, '').replace(/^.*\//, '');
  return [...groupBy(results, fileOf)].flatMap(([audio, same]) => {
    const scores = same.flatMap(({ score }) => (score === undefined ? [] : [score]));
    const spread = Math.max(...scores) - Math.min(...scores);
    return spread > SCORE_TOLERANCE ? [`results of ${audio} differ by ${spread}`] : [];
  });
}

const deliveryOf = (row: CsvRow): string => `message ${row.message_id}, receive ${row.receive_count}`;

const nameOf = (row: { mongo_doc_id: string; record_type: string; subject_id: string }): string =>
  `${row.mongo_doc_id}/${row.record_type}/${row.subject_id}`;

function nameOfBody(body: string): string {
  try {
    const { mongo_doc_id: doc, record_type: type, subject_id: subject } = JSON.parse(body) as CsvRow;
    return nameOf({ mongo_doc_id: doc, record_type: type, subject_id: subject });
  } catch {
    return 'no recording';
  }
}
