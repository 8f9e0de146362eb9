import { parse } from 'csv-parse/sync';
import { InvalidInput } from '../../../../platform/errors.js';
import { preview } from '../../../../platform/text/printable.js';
import { SAMPLES, type Sample } from '../../evaluation/labels/verdicts-csv.js';

/** What a reviewer says of a recording. */
export const VERDICTS = ['normal', 'anomalous', 'unsure'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One row of a reviewer's CSV; the names are its columns. */
export interface VerdictRow {
  result_document_id: string;
  verdict: Verdict;
  sample: Sample;
  /** ISO-8601, UTC. */
  reviewed_at: string;
}
const COLUMNS = ['result_document_id', 'verdict', 'sample', 'reviewed_at'] as const;
const HEADER = COLUMNS.join(',');

/** Rows as CSV. No value needs quotes: ids are hexadecimal, the rest are words and times. */
export function verdictCsv(rows: Iterable<VerdictRow>): string {
  const lines = [...rows].map((row) => COLUMNS.map((column) => row[column]).join(','));
  return [HEADER, ...lines, ''].join('\n');
}

/**
 * Reads what {@link verdictCsv} wrote, also after a spreadsheet saved it. Of several rows of one id the last one holds.
 *
 * @param name of the file, for messages
 * @returns `torn` when the last line breaks off and was left out: the file was copied or written halfway
 * @throws InvalidInput naming the line that cannot be read
 */
export function readVerdictCsv(text: string, name: string): { rows: VerdictRow[]; torn: boolean } {
  const lines = parse(text, {
    bom: true,
    trim: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
  }) as unknown as { record: string[]; info: { lines: number } }[];
  const [header, ...rest] = lines;
  if (header === undefined) return { rows: [], torn: false };
  const ended = text.endsWith('\n');
  const given = header.record.join(',').toLowerCase();
  if (given !== HEADER) {
    if (!ended && rest.length === 0 && HEADER.startsWith(given)) return { rows: [], torn: true };
    throw new InvalidInput(`${name} begins with ${preview(given)}; expected ${HEADER}.`);
  }
  const rows = new Map<string, VerdictRow>();
  for (const [index, { record, info }] of rest.entries()) {
    const row = readRow(record);
    if (!('problem' in row)) rows.set(row.result_document_id, row);
    else if (!ended && index === rest.length - 1) return { rows: [...rows.values()], torn: true };
    else throw new InvalidInput(`${name}, line ${info.lines}: ${row.problem}`);
  }
  return { rows: [...rows.values()], torn: false };
}

function readRow(cells: readonly string[]): VerdictRow | { problem: string } {
  if (cells.length !== COLUMNS.length) {
    return { problem: `it has ${cells.length} cells; expected ${COLUMNS.length}, as in ${HEADER}.` };
  }
  const [id, verdict, sample, reviewedAt] = cells as [string, string, string, string];
  const wrong = (column: (typeof COLUMNS)[number], value: string, expected: string) => ({
    problem: `${column} is ${preview(value)}; expected ${expected}.`,
  });
  if (!/^[0-9a-f]{64}$/.test(id)) return wrong('result_document_id', id, '64 hexadecimal digits');
  if (!isOneOf(VERDICTS, verdict)) return wrong('verdict', verdict, 'normal, anomalous or unsure');
  if (!isOneOf(SAMPLES, sample)) return wrong('sample', sample, 'top or random');
  if (Number.isNaN(Date.parse(reviewedAt))) return wrong('reviewed_at', reviewedAt, 'an ISO-8601 time');
  return { result_document_id: id, verdict, sample, reviewed_at: reviewedAt };
}

export function isOneOf<T extends string>(words: readonly T[], word: unknown): word is T {
  return (words as readonly unknown[]).includes(word);
}
