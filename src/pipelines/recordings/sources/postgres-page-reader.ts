import type { Pool } from 'pg';
import { sourceRowSchema, type SourceRow } from '../contract/source-row.js';
import { compareWatermarks, type Watermark } from '../contract/watermark.js';
import { comparableText, normalizeName } from '../contract/subject-name.js';
import { onPostgres } from './postgres-pool.js';
import { orderColumns, type PostgresTable } from './postgres-table.js';
import type { PageQuery, SourcePage, UnusableRow } from './source-repository.js';
import { endOfPage, MAX_TIED_ROWS, TOO_MANY_TIED } from './tied-rows.js';
import { unusableReason } from './unusable-reason.js';

/** Rows at the most in one answer, however many unusable rows stand in the way of a page. */
const MAX_ROWS_PER_QUERY = 10_000;
/** Times that no ISO-8601 text of four-digit years can hold are reported, up to so many a run. */
const MAX_OUT_OF_RANGE_REPORTED = 1_000;
const FIRST_TIME = "'0001-01-01'::timestamp";
const END_OF_TIME = "'10000-01-01'::timestamp";

/** A table row in wire form, all but its time, whose key is kept apart so that reading can go on from it. */
interface PageRow {
  time: string;
  record_id: string;
  subject_id: string;
  record_type: string;
  audio_url: string;
  student_id: string | null;
  udise: string | null;
}

/**
 * Reads one page by keyset: the rows right after a place in the index, one more than asked for (so that "exhausted" is
 * known), and on past unusable rows until the page is full. Rows of one place are read together, however many.
 */
export async function readPostgresPage(
  pool: Pool,
  table: PostgresTable,
  sourceCollection: string,
  query: PageQuery,
): Promise<SourcePage> {
  const wanted = query.limit + 1;
  const found: (Place & Parsed)[] = [];
  const tooManyTied: UnusableRow[] = [];
  let usable = 0;
  let documentsRead = 0;
  let after = query.after;
  let ended = false;
  let barrenReads = 0;
  while (!ended && usable < wanted) {
    query.signal?.throwIfAborted();
    const limit = Math.min(MAX_ROWS_PER_QUERY, (wanted - usable) * 2 ** barrenReads);
    const rows = await select(pool, table, query, after, limit);
    documentsRead += rows.length;
    ended = rows.length < limit;
    if (rows.length > limit + MAX_TIED_ROWS) {
      const { record_id, record_type, subject_id } = rows.pop()!;
      tooManyTied.push({ mongo_doc_id: record_id, record_type, subject_id, reason: TOO_MANY_TIED });
    }
    const before = usable;
    for (const row of rows) {
      const parsed = parseRow(row, sourceCollection, query);
      if ('row' in parsed) usable += 1;
      found.push({ place: placeOf(row), ...parsed });
    }
    barrenReads = usable === before ? Math.min(barrenReads + 1, 10) : 0;
    after = found.at(-1)?.place ?? after;
  }

  // Unusable rows behind the page's last row belong to the next page.
  const end =
    usable <= query.limit ? found.length : endOfPage(found, indexAfterRow(found, query.limit), isTied);
  const exhausted = ended && !found.slice(end).some((item) => 'row' in item);
  const page = exhausted ? found : found.slice(0, end);
  const unusable = page.flatMap((item) => ('unusable' in item ? [item.unusable] : []));
  unusable.push(...tooManyTied);
  if (query.after === null) unusable.push(...(await outOfRange(pool, table, query)));
  return {
    rows: page.flatMap((item) => ('row' in item ? [item.row] : [])),
    exhausted,
    documentsRead,
    unusable,
  };
}

type Place = { place: Watermark };
type Parsed = { row: SourceRow } | { unusable: UnusableRow };

function isTied(a: Place, b: Place): boolean {
  return compareWatermarks(a.place, b.place) === 0;
}

/** The index right behind the `count`th usable row. */
function indexAfterRow(found: readonly object[], count: number): number {
  let seen = 0;
  return found.findIndex((item) => 'row' in item && (seen += 1) === count) + 1;
}

async function select(
  pool: Pool,
  table: PostgresTable,
  query: PageQuery,
  after: Watermark | null,
  limit: number,
): Promise<PageRow[]> {
  const parameters: unknown[] = [query.test_date, comparableText(query.subject_name), limit];
  const bound = (operator: string, watermark: Watermark): string => {
    const first = parameters.length + 1;
    parameters.push(
      watermark.last_processed_timestamp.replace(/Z$/, ''),
      watermark.last_processed_doc_id,
      watermark.last_processed_subject_id,
      watermark.last_processed_record_type,
    );
    const values = [1, 2, 3].map((offset) => `$${first + offset}::text COLLATE "C"`);
    return `AND (${orderColumns(table)}) ${operator} ($${first}::timestamp, ${values.join(', ')})`;
  };
  const { column, order } = table;
  const text = `
    SELECT to_char(${order.time}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS time, ${order.recordId} AS record_id,
           ${order.subjectId} AS subject_id, ${order.recordType} AS record_type,
           ${column.audio_url} AS audio_url,
           ${column.student_id}::text AS student_id, ${column.udise}::text AS udise
    FROM ${table.name}
    WHERE ${candidateCondition(table)} AND ${order.time} >= ${FIRST_TIME} AND ${order.time} < ${END_OF_TIME}
          ${after ? bound('>', after) : ''} ${query.upTo ? bound('<=', query.upTo) : ''}
    ORDER BY ${orderColumns(table)}
    FETCH FIRST $3 ROWS WITH TIES`;
  const bounded = `SELECT * FROM (${text}) AS page LIMIT $3 + ${MAX_TIED_ROWS + 1}`;
  const result = await onPostgres(`read a page of ${table.name}`, () =>
    pool.query<PageRow>(bounded, parameters),
  );
  return result.rows;
}

/** The candidate rule in SQL, all but the time's bounds; `$1` is the test date and `$2` the name. */
function candidateCondition(table: PostgresTable): string {
  return `${table.testDateIs('$1::text')} AND ${table.comparableName} = $2 AND ${table.column.audio_url} <> ''`;
}

async function outOfRange(
  pool: Pool,
  table: PostgresTable,
  query: PageQuery,
): Promise<SourcePage['unusable']> {
  const { order } = table;
  const text = `
    SELECT ${order.recordId} AS record_id, ${order.recordType} AS record_type, ${order.subjectId} AS subject_id FROM ${table.name}
    WHERE ${candidateCondition(table)} AND (${order.time} < ${FIRST_TIME} OR ${order.time} >= ${END_OF_TIME})
    LIMIT ${MAX_OUT_OF_RANGE_REPORTED}`;
  const result = await onPostgres(`read a page of ${table.name}`, () =>
    pool.query<Pick<PageRow, 'record_id' | 'record_type' | 'subject_id'>>(text, [
      query.test_date,
      comparableText(query.subject_name),
    ]),
  );
  return result.rows.map((row) => ({
    mongo_doc_id: row.record_id,
    record_type: row.record_type,
    subject_id: row.subject_id,
    reason: 'subject_created_at_out_of_range',
  }));
}

function parseRow(row: PageRow, sourceCollection: string, query: PageQuery): Parsed {
  const candidate = {
    source_collection: sourceCollection,
    mongo_doc_id: row.record_id,
    source_record_id: row.record_id,
    assessment_record_id: row.record_id,
    test_date: query.test_date,
    record_type: row.record_type,
    subject_id: row.subject_id,
    // One form and one spelling for all, so that a row typed another way is no other recording.
    subject_name: normalizeName(query.subject_name),
    audio_s3_url: row.audio_url,
    source_updated_at: row.time,
    subject_created_at: row.time,
    student_id: row.student_id,
    udise: row.udise,
  };
  const parsed = sourceRowSchema.safeParse(candidate);
  if (parsed.success) return { row: parsed.data };
  const { record_id, record_type, subject_id } = row;
  const reason = unusableReason(parsed.error, candidate);
  return { unusable: { mongo_doc_id: record_id, record_type, subject_id, reason } };
}

// A place in the table's order; its record type may be one that no watermark would name.
function placeOf(row: PageRow): Watermark {
  return {
    last_processed_timestamp: row.time,
    last_processed_doc_id: row.record_id,
    last_processed_subject_id: row.subject_id,
    last_processed_record_type: row.record_type as Watermark['last_processed_record_type'],
  };
}
