import type { Pool } from 'pg';
import { isCalendarDate } from '../../../contract/dates.js';
import { comparableText } from '../contract/subject-name.js';
import { InvalidInput } from '../../../platform/errors.js';
import { codeOf, onPostgres } from './postgres-pool.js';
import type { PostgresTable } from './postgres-table.js';
import type { Backlink, SourceRowKey } from './source-repository.js';

/** As for results: large enough to be quick, small enough that a failure repeats little. */
export const BACKLINK_CHUNK_SIZE = 500;
const UNDEFINED_COLUMN = '42703';

/** What the text of an id must look like to be cast to the column's type; other types are compared as text. */
const CASTABLE: Record<string, (text: string) => boolean> = {
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
  bigint: (text) => isIntegerOf(text, 64),
  integer: (text) => isIntegerOf(text, 32),
  smallint: (text) => isIntegerOf(text, 16),
};

function isIntegerOf(text: string, bits: number): boolean {
  return /^(0|-?[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(bits, BigInt(text)) === BigInt(text);
}

/** For each key, whether its row still exists and still is a candidate: one query for all of them. */
export async function arePostgresRowsEligible(
  pool: Pool,
  table: PostgresTable,
  keys: readonly SourceRowKey[],
): Promise<boolean[]> {
  const asked = keys.map((key, index) => ({ key, index })).filter(({ key }) => isPossible(table, key));
  if (asked.length === 0) return keys.map(() => false);
  const text = `
    SELECT k.vachan_n AS n FROM ${keyTable(1)}
    WHERE EXISTS (SELECT FROM ${table.name} AS source WHERE ${isRowOfKey(table)} AND ${isStillCandidate(table)})`;
  const result = await onPostgres(`look up rows of ${table.name}`, () =>
    pool.query<{ n: string }>(text, keyArrays(asked.map(({ key }) => key))),
  );
  const eligible = new Set(result.rows.map((row) => asked[Number(row.n) - 1]?.index));
  return keys.map((_, index) => eligible.has(index));
}

/**
 * Writes `anomaly_result_id` and `anomaly_processed_at` into the rows; those that are gone are passed over.
 *
 * @throws InvalidInput when the table lacks the two columns: it is somebody else's, so they are not added here
 */
export async function writePostgresBacklinks(
  pool: Pool,
  table: PostgresTable,
  backlinks: readonly Backlink[],
): Promise<void> {
  const possible = backlinks.filter(({ key }) => isPossible(table, key));
  const text = `
    UPDATE ${table.name} AS source
    SET anomaly_result_id = r.vachan_result_id, anomaly_processed_at = r.vachan_processed_at
    FROM ${keyTable(1)}
    JOIN unnest($6::text[], $7::timestamptz[]) WITH ORDINALITY AS r(vachan_result_id, vachan_processed_at, vachan_r)
      ON r.vachan_r = k.vachan_n
    WHERE ${isRowOfKey(table)}`;
  for (let start = 0; start < possible.length; start += BACKLINK_CHUNK_SIZE) {
    const chunk = possible.slice(start, start + BACKLINK_CHUNK_SIZE);
    const parameters = [
      ...keyArrays(chunk.map(({ key }) => key)),
      chunk.map((backlink) => backlink.anomaly_result_id),
      chunk.map((backlink) => backlink.anomaly_processed_at.toISOString()),
    ];
    await onPostgres(`write backlinks into ${table.name}`, () => pool.query(text, parameters)).catch(
      (error: unknown) => {
        if (codeOf((error as Error).cause) !== UNDEFINED_COLUMN) throw error;
        throw new InvalidInput(
          `ENABLE_SOURCE_BACKLINK_UPDATE needs the columns anomaly_result_id text and anomaly_processed_at timestamptz in ${table.name}.`,
          { cause: error },
        );
      },
    );
  }
}

// Prefixed, so that none can be taken for a column of the source.
const KEY_COLUMNS =
  'vachan_record_id, vachan_test_date, vachan_record_type, vachan_subject_id, vachan_subject_name, vachan_n';

/** The keys as a table `k`, numbered from 1; its five arrays start at this parameter. */
function keyTable(first: number): string {
  const arrays = [0, 1, 2, 3, 4].map((offset) => `$${first + offset}::text[]`);
  return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS k(${KEY_COLUMNS})`;
}

function keyArrays(keys: readonly SourceRowKey[]): string[][] {
  return [
    keys.map((key) => key.mongo_doc_id),
    keys.map((key) => key.test_date),
    keys.map((key) => key.record_type),
    keys.map((key) => key.subject_id),
    keys.map((key) => comparableText(key.subject_name)),
  ];
}

/** Whether the texts of a key can be cast to the columns' types at all; one that cannot names no row. */
function isPossible({ type }: PostgresTable, key: SourceRowKey): boolean {
  const ids: [string, string][] = [
    [type.assessment_record_id, key.mongo_doc_id],
    [type.subject_id, key.subject_id],
  ];
  // Postgres refuses a NUL in any text, and with it the whole query: no row can have one.
  const texts = [key.mongo_doc_id, key.subject_id, key.subject_name];
  if (texts.some((text) => text.includes('\0'))) return false;
  return isCalendarDate(key.test_date) && ids.every(([column, text]) => CASTABLE[column]?.(text) ?? true);
}

function isRowOfKey(table: PostgresTable): string {
  const { column, type } = table;
  // Cast to the column's type, so that its primary key's index serves.
  const isId = (key: 'assessment_record_id' | 'subject_id', text: string): string =>
    type[key] in CASTABLE ? `${column[key]} = ${text}::${type[key]}` : `${column[key]}::text = ${text}`;
  return [
    isId('assessment_record_id', 'k.vachan_record_id'),
    isId('subject_id', 'k.vachan_subject_id'),
    `${column.record_type}::text = k.vachan_record_type`,
    table.testDateIs('k.vachan_test_date'),
    `${table.comparableName} = k.vachan_subject_name`,
  ].join(' AND ');
}

function isStillCandidate({ column }: PostgresTable): string {
  return `${column.audio_url} <> '' AND isfinite(${column.subject_created_at})`;
}
