import { escapeIdentifier, type Pool } from 'pg';
import { InvalidInput } from '../../../platform/errors.js';
import { comparableExpression, testDateExpression, testDateValue } from './postgres-expressions.js';
import { onPostgres } from './postgres-pool.js';

/** The contract's columns; a table may give them other names. */
export const POSTGRES_COLUMNS = [
  'assessment_record_id',
  'student_id',
  'udise',
  'test_date',
  'record_type',
  'subject_id',
  'subject_name',
  'audio_url',
  'subject_created_at',
] as const;
export type PostgresColumn = (typeof POSTGRES_COLUMNS)[number];

export interface PostgresTableOptions {
  schema: string;
  table: string;
  /** Columns that go by another name than the contract's, as `{ student_id: 'pupil_id' }`. */
  columns?: Partial<Record<PostgresColumn, string>> | undefined;
  /** In which zone a timestamp falls on a test date: an IANA name, as `TEST_DATE_TIME_ZONE`. @default UTC */
  timeZone?: string | undefined;
}

/** SQL for the parts of a row, fitted to the table's column types. Every identifier in it is quoted. */
export interface PostgresTable {
  /** Schema and table. */
  name: string;
  column: Record<PostgresColumn, string>;
  type: Record<PostgresColumn, string>;
  /**
   * The order of rows, as `compareWatermarks` has it: the time in UTC cut to the watermark's milliseconds, then the ids'
   * text byte by byte. A missing id is the empty text, so that such a row has a place and can be passed.
   */
  order: { time: string; recordId: string; subjectId: string; recordType: string };
  /** The name as names are compared. */
  comparableName: string;
  /** The test date that a row says. */
  testDate: string;
  /** The condition that a row is of a date given as text. */
  testDateIs: (dateText: string) => string;
  timeZone: string;
}

/** Types whose cut to milliseconds an index can hold (an expression that does not depend on the session's time zone). */
const TIME_EXPRESSIONS: Record<string, (column: string) => string> = {
  'timestamp with time zone': (column) => `date_trunc('milliseconds', ${column} AT TIME ZONE 'UTC')`,
  'timestamp without time zone': (column) => `date_trunc('milliseconds', ${column})`,
  date: (column) => `${column}::timestamp`,
};

/**
 * Reads the table's column types and makes its SQL.
 *
 * @throws InvalidInput when the table or a column is missing, or a column's type cannot serve
 */
export async function describePostgresTable(
  pool: Pool,
  options: PostgresTableOptions,
): Promise<PostgresTable> {
  const name = `${escapeIdentifier(options.schema)}.${escapeIdentifier(options.table)}`;
  const found = await onPostgres(`describe the table ${name}`, () =>
    pool.query<{ name: string; type: string }>(
      // A domain is of the type that it is made of.
      `WITH RECURSIVE base AS (
         SELECT attname, atttypid AS type FROM pg_attribute
         WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
         UNION ALL
         SELECT attname, typbasetype FROM base JOIN pg_type ON oid = type WHERE typtype = 'd'
       )
       SELECT attname AS name, format_type(type, NULL) AS type FROM base
       JOIN pg_type ON oid = type WHERE typtype <> 'd'`,
      [name],
    ),
  );
  if (found.rows.length === 0) throw new InvalidInput(`There is no table ${name} that this user may see.`);
  const types = new Map(found.rows.map((row) => [row.name, row.type]));
  const columnName = (column: PostgresColumn): string => options.columns?.[column] ?? column;
  const missing = POSTGRES_COLUMNS.filter((column) => !types.has(columnName(column)));
  if (missing.length > 0) {
    throw new InvalidInput(
      `The table ${name} has no column for ${missing.map((column) => `${column} (as ${columnName(column)})`).join(', ')}; ` +
        `it has ${[...types.keys()].join(', ')}.`,
    );
  }
  const column = record((key) => escapeIdentifier(columnName(key)));
  const type = record((key) => types.get(columnName(key)) ?? '');
  const time = TIME_EXPRESSIONS[type.subject_created_at];
  if (time === undefined) {
    throw new InvalidInput(
      `The column ${column.subject_created_at} of ${name} is of type ${type.subject_created_at}; ` +
        `expected ${Object.keys(TIME_EXPRESSIONS).join(' or ')}.`,
    );
  }
  for (const key of POSTGRES_COLUMNS) {
    if (!type[key].endsWith('[]')) continue;
    throw new InvalidInput(
      `The column ${column[key]} of ${name} is of type ${type[key]}; expected no array.`,
    );
  }
  if (!/^(text|character|citext)/.test(type.audio_url)) {
    throw new InvalidInput(
      `The column ${column.audio_url} of ${name} is of type ${type.audio_url}; expected text.`,
    );
  }
  const { timeZone = 'UTC' } = options;
  const testDate = testDateExpression(column.test_date, type.test_date, timeZone);
  const idText = (key: PostgresColumn): string => `(coalesce(${column[key]}::text, '') COLLATE "C")`;
  return {
    name,
    column,
    type,
    order: {
      time: `(${time(column.subject_created_at)})`,
      recordId: idText('assessment_record_id'),
      subjectId: idText('subject_id'),
      recordType: idText('record_type'),
    },
    comparableName: `(${comparableExpression(column.subject_name)})`,
    testDate,
    testDateIs: (dateText) => `${testDate} = ${testDateValue(dateText, type.test_date)}`,
    timeZone,
  };
}

/** The columns of the order in the order's sequence. */
export function orderColumns({ order }: PostgresTable): string {
  return [order.time, order.recordId, order.subjectId, order.recordType].join(', ');
}

function record<T>(make: (column: PostgresColumn) => T): Record<PostgresColumn, T> {
  return Object.fromEntries(POSTGRES_COLUMNS.map((column) => [column, make(column)])) as Record<
    PostgresColumn,
    T
  >;
}
