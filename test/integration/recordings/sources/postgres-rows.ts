import { randomUUID } from 'node:crypto';
import { Pool, escapeIdentifier } from 'pg';
import { embeddedStack } from '../../embedded-stack.js';
import { SUBJECT, TEST_DATE } from './source-documents.js';

export interface TableRow {
  assessment_record_id: unknown;
  student_id: unknown;
  udise: unknown;
  test_date: unknown;
  record_type: unknown;
  subject_id: unknown;
  subject_name: unknown;
  audio_url: unknown;
  subject_created_at: unknown;
}

/** A candidate; times as text, since a JavaScript Date cannot hold the table's microseconds. */
export function tableRow(createdAt: string, overrides: Partial<TableRow> = {}): TableRow {
  return {
    assessment_record_id: randomUUID(),
    student_id: 'student-1',
    udise: '27010100101',
    test_date: TEST_DATE,
    record_type: 'teacher_record',
    subject_id: 'reading',
    subject_name: SUBJECT,
    audio_url: 's3://recordings/a.wav',
    subject_created_at: createdAt,
    ...overrides,
  };
}

/** Column types as most tables have them. */
export const COMMON_TYPES = {
  assessment_record_id: 'text',
  student_id: 'text',
  udise: 'text',
  test_date: 'date',
  record_type: 'text',
  subject_id: 'text',
  subject_name: 'text',
  audio_url: 'text',
  subject_created_at: 'timestamptz',
};

export function connect(): Pool {
  const { postgres } = embeddedStack().endpoints;
  if (postgres === undefined) throw new Error('The stack runs without Postgres.');
  // A time zone far from UTC shows where SQL depends on the session's.
  return new Pool({ connectionString: postgres.dsn, options: '-c timezone=Asia/Kolkata' });
}

/** A table of its own in the schema `public`, with these column types. */
export async function createTable(
  pool: Pool,
  types: Partial<typeof COMMON_TYPES> & Record<string, string> = {},
): Promise<string> {
  const table = `rows "of" ${randomUUID().slice(0, 8)}`;
  const columns = Object.entries({ ...COMMON_TYPES, ...types }).map(([name, type]) => `${name} ${type}`);
  await pool.query(`CREATE TABLE public.${escapeIdentifier(table)} (${columns.join(', ')})`);
  return table;
}

export async function insertRows(pool: Pool, table: string, rows: readonly TableRow[]): Promise<void> {
  await pool.query(
    `INSERT INTO public.${escapeIdentifier(table)}
     SELECT * FROM jsonb_populate_recordset(NULL::public.${escapeIdentifier(table)}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
