import { escapeLiteral, type Pool } from 'pg';
import { midnightsAnywhere, midnightTexts, otherSpellings, ZONE_STEP_MS } from './near-test-date.js';
import { sumUp, type CountedRows, type FieldIs, type PassedOver } from './passed-over.js';
import { onPostgres } from './postgres-pool.js';
import type { PostgresTable } from './postgres-table.js';
import { testDay, type TestDay } from './test-day.js';

/** A date has a few subjects; more names than this are free text, of which the most frequent are looked at. */
const MAX_GROUPS = 2_000;
/** Longer than any name that could be the subject's. */
const MAX_NAME_CHARACTERS = 2_000;

interface Group {
  test_date: CountedRows['test_date'];
  name: string | null;
  audio_url: FieldIs;
  subject_created_at: FieldIs;
  rows: string;
  record_id: string;
}

/**
 * Counts a date's rows by what keeps them from being candidates: one query, over the rows of the date and, where the page index is
 * there to find them, those whose date no run takes.
 */
export async function countPostgresRows(
  pool: Pool,
  table: PostgresTable,
  query: { test_date: string; subject_name: string },
): Promise<PassedOver> {
  const { column, order } = table;
  const { condition, kind } = dateConditions(table, testDay(query.test_date, table.timeZone));
  const fieldIs = (is: string, isMissing: string): string =>
    `CASE WHEN ${isMissing} THEN 'missing' ELSE '${is}' END`;
  const text = `
    SELECT ${kind} AS test_date, left(${column.subject_name}::text, ${MAX_NAME_CHARACTERS}) AS name,
           ${fieldIs('good', `coalesce(${column.audio_url}, '') = ''`)} AS audio_url,
           ${fieldIs('good', `${column.subject_created_at} IS NULL`)} AS subject_created_at,
           count(*) AS rows, min(${order.recordId}) AS record_id
    FROM ${table.name} WHERE ${condition}
    GROUP BY 1, 2, 3, 4 ORDER BY count(*) DESC LIMIT ${MAX_GROUPS}`;
  const result = await onPostgres(`count the rows of ${query.test_date} in ${table.name}`, () =>
    pool.query<Group>(text, [query.test_date]),
  );
  const counted = result.rows.map(({ name, rows, record_id, ...group }): CountedRows => ({
    ...group,
    rows: Number(rows),
    mongo_doc_id: record_id,
    subject_name: name ?? undefined,
    subject_name_is: name === null ? 'missing' : 'good',
  }));
  return sumUp(counted, query.subject_name);
}

/** Which rows to look at, and what their test date is to the run; `$1` is the date. */
function dateConditions(table: PostgresTable, day: TestDay): { condition: string; kind: string } {
  const { column, type, testDate } = table;
  const isOfDate = table.testDateIs('$1::text');
  if (type.test_date === 'date' || type.test_date === 'timestamp without time zone') {
    return { condition: isOfDate, kind: "'of_date'" };
  }
  if (type.test_date === 'timestamp with time zone') {
    const { fromMs, toMs } = midnightsAnywhere(day);
    const seconds = `extract(epoch FROM ${column.test_date})`;
    const isMidnight = `${seconds} BETWEEN ${fromMs / 1000} AND ${toMs / 1000}
      AND mod(${seconds}, ${ZONE_STEP_MS / 1000}) = 0 AND mod(${seconds}, 86400) <> 0`;
    return {
      condition: `(${isOfDate} OR (${testDate} IN ($1::date - 1, $1::date + 1) AND ${isMidnight}))`,
      kind: `CASE WHEN ${isOfDate} THEN 'of_date' ELSE 'in_another_time_zone' END`,
    };
  }
  const matches = (patterns: string[]): string =>
    `${column.test_date}::text ~ ${escapeLiteral(patterns.map((pattern) => `(?:${pattern})`).join('|'))}`;
  const inAnotherZone = matches(midnightTexts(day));
  const isMeant = `(${inAnotherZone} OR ${matches([...otherSpellings(day), `^${day.date}`])})`;
  return {
    condition: `(${isOfDate} OR (${testDate} IS NULL AND ${isMeant}))`,
    kind: `CASE WHEN ${isOfDate} THEN 'of_date' WHEN ${inAnotherZone} THEN 'in_another_time_zone' ELSE 'not_understood' END`,
  };
}
