import { randomUUID } from 'node:crypto';
import { escapeIdentifier, type Pool } from 'pg';
import { withoutPageIndex } from '../../../../src/pipelines/recordings/sources/postgres-index.js';
import { createPostgresSource } from '../../../../src/pipelines/recordings/sources/postgres-source.js';
import { connect, createTable } from './postgres-rows.js';

let pool: Pool;
beforeAll(() => {
  pool = connect();
});
afterAll(() => pool.end());

const ensureIndexes = (table: string): Promise<string | undefined> =>
  createPostgresSource({ pool, schema: 'public', table, columns: {} }).ensureIndexes();
const without = (table: string): Promise<{ tables: string[]; whyNot: string | undefined }> =>
  withoutPageIndex(pool, `public.${escapeIdentifier(table)}`);
const newName = (): string => `source_${randomUUID().slice(0, 8)}`;

test('a table gets its index, and the look for missing ones says so', async () => {
  const table = await createTable(pool);
  expect((await without(table)).tables).toHaveLength(1);
  expect(await ensureIndexes(table)).toBeUndefined();
  expect(await without(table)).toEqual({ tables: [], whyNot: undefined });
});

test('a view is left without one, in a sentence, and so is a foreign table', async () => {
  const table = await createTable(pool);
  const view = newName();
  await pool.query(`CREATE VIEW public.${view} AS SELECT * FROM public.${escapeIdentifier(table)}`);
  expect(await ensureIndexes(view)).toContain(`${view} is a view, which Postgres does not index`);
  expect((await without(view)).whyNot).toContain('is a view');
});

test('a materialised view gets one', async () => {
  const table = await createTable(pool);
  const view = newName();
  await pool.query(
    `CREATE MATERIALIZED VIEW public.${view} AS SELECT * FROM public.${escapeIdentifier(table)}`,
  );
  expect(await ensureIndexes(view)).toBeUndefined();
  expect((await without(view)).tables).toEqual([]);
});

test('each partition of a partitioned table gets one, also those that come later and those within another', async () => {
  const table = await createTable(pool);
  const parent = newName();
  const query = (sql: string): Promise<unknown> => pool.query(sql.replaceAll('PARENT', `public.${parent}`));
  await query(`CREATE TABLE PARENT (LIKE public.${escapeIdentifier(table)}) PARTITION BY RANGE (test_date)`);
  await query(
    `CREATE TABLE PARENT_25 PARTITION OF PARENT FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (record_type)`,
  );
  await query(`CREATE TABLE PARENT_25_t PARTITION OF PARENT_25 FOR VALUES IN ('teacher_record')`);
  expect(await ensureIndexes(parent)).toBeUndefined();
  expect((await without(parent)).tables).toEqual([]);
  await query(`CREATE TABLE PARENT_26 PARTITION OF PARENT FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`);
  expect((await without(parent)).tables).toEqual([expect.stringContaining(`${parent}_26`)]);
  expect(await ensureIndexes(parent)).toBeUndefined();
  expect((await without(parent)).tables).toEqual([]);
});

test('a role that does not own the table is told what its owner should run', async () => {
  const table = await createTable(pool);
  const role = newName();
  await pool.query(`CREATE ROLE ${role}`);
  await pool.query(`GRANT SELECT ON public.${escapeIdentifier(table)} TO ${role}`);
  const asReader = connect();
  asReader.on('connect', (client) => void client.query(`SET ROLE ${role}`));
  try {
    const source = createPostgresSource({ pool: asReader, schema: 'public', table, columns: {} });
    expect(await source.ensureIndexes()).toMatch(/refuses an index .*\(42501\).*CREATE INDEX CONCURRENTLY/);
  } finally {
    await asReader.end();
  }
});
