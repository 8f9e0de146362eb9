import { randomUUID } from 'node:crypto';
import { escapeIdentifier, Pool } from 'pg';
import { compareRows } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { InvalidInput } from '../../../../src/platform/errors.js';
import { createPostgresSource } from '../../../../src/pipelines/recordings/sources/postgres-source.js';
import type { SourceRowKey } from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { embeddedStack } from '../../embedded-stack.js';
import { createTable, insertRows, tableRow } from './postgres-rows.js';
import { pageQuery, SUBJECT, TEST_DATE } from './source-documents.js';
import { pool, openPool, closePool, sourceOf, readAll, at } from './postgres-source-under-test.js';

beforeAll(openPool);
afterAll(closePool);

test.each([
  [{ assessment_record_id: 'uuid', subject_id: 'bigint' }],
  [{ assessment_record_id: 'bigint', subject_id: 'uuid', subject_created_at: 'timestamp' }],
  [
    {
      test_date: 'text',
      subject_name: 'varchar(40)',
      assessment_record_id: 'varchar(64)',
      subject_id: 'integer',
    },
  ],
  [{ test_date: 'timestamptz', assessment_record_id: 'integer' }],
])('columns of the types %j page in order and answer by key', async (types) => {
  const table = await createTable(pool, types);
  const source = sourceOf(table);
  await source.ensureIndexes();
  const id = (type: string | undefined, i: number): unknown =>
    type === undefined || type.startsWith('varchar') ? `id-${i}` : type === 'uuid' ? randomUUID() : i;
  const typed = types as Record<string, string | undefined>;
  await insertRows(
    pool,
    table,
    Array.from({ length: 25 }, (_, i) =>
      tableRow(at(i % 3, '.000').slice(0, typed['subject_created_at'] === 'timestamp' ? -1 : undefined), {
        assessment_record_id: id(typed['assessment_record_id'], i),
        subject_id: id(typed['subject_id'], i),
        test_date: typed['test_date'] === 'timestamptz' ? `${TEST_DATE}T00:00:00Z` : TEST_DATE,
      }),
    ),
  );
  const { rows } = await readAll(source, { limit: 7 });
  expect(rows).toHaveLength(25);
  expect(rows).toEqual([...rows].sort(compareRows));
  expect(rows[0]?.source_updated_at).toBe('2025-12-20T04:00:00.000Z');
  const keys: SourceRowKey[] = [
    ...rows,
    { ...rows[0]!, mongo_doc_id: "no' id" },
    { ...rows[0]!, subject_id: '99' },
  ];
  expect(await source.stillEligible(keys)).toEqual([...rows.map(() => true), false, false]);
});

test('a column of a domain is what the domain is made of, whatever the DateStyle; one of arrays is refused', async () => {
  await pool.query('CREATE DOMAIN school_date AS date').catch(() => undefined);
  const table = await createTable(pool, { test_date: 'school_date' });
  await insertRows(pool, table, [tableRow(at(1))]);
  const options = '-c datestyle=SQL,DMY';
  const german = new Pool({ connectionString: embeddedStack().endpoints.postgres!.dsn, options });
  const source = createPostgresSource({ pool: german, schema: 'public', table });
  expect((await source.readPage(pageQuery())).rows).toHaveLength(1);
  await source.close();
  const lists = await createTable(pool, { audio_url: 'text[]' });
  await expect(sourceOf(lists).readPage(pageQuery())).rejects.toThrow(/audio_url.*text\[\].*expected/);
});

test('columns may go by other names, and no name can end its quotes', async () => {
  const table = await createTable(pool);
  const odd = 'pupil"; DROP TABLE x; --';
  await pool.query(
    `ALTER TABLE public.${escapeIdentifier(table)} RENAME COLUMN student_id TO ${escapeIdentifier(odd)}`,
  );
  await pool.query(
    `INSERT INTO public.${escapeIdentifier(table)} VALUES ('r', 's', NULL, $1, 'teacher_record', 'x', $2, 'u', now())`,
    [TEST_DATE, SUBJECT],
  );
  expect((await sourceOf(table, { student_id: odd }).readPage(pageQuery())).rows).toMatchObject([
    { student_id: 's' },
  ]);
  await expect(sourceOf(table).readPage(pageQuery())).rejects.toThrow(/no column for student_id/);
  await expect(sourceOf('no such "table').readPage(pageQuery())).rejects.toThrow(InvalidInput);
});

test('a time column that cannot order rows is named with its type', async () => {
  const table = await createTable(pool, { subject_created_at: 'text' });
  await expect(sourceOf(table).readPage(pageQuery())).rejects.toThrow(
    /"subject_created_at" .* is of type text; expected/,
  );
});
