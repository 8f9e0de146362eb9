import { escapeIdentifier, Pool } from 'pg';
import { compareRows, watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { createPostgresSource } from '../../../../src/pipelines/recordings/sources/postgres-source.js';
import { MAX_TIED_ROWS, TOO_MANY_TIED } from '../../../../src/pipelines/recordings/sources/tied-rows.js';
import { createTable, insertRows, tableRow } from './postgres-rows.js';
import { pageQuery, SUBJECT, TEST_DATE } from './source-documents.js';
import { pool, openPool, closePool, sourceOf, readAll, at } from './postgres-source-under-test.js';

beforeAll(openPool);
afterAll(closePool);

test('a row comes in wire form, its id in all three fields that carry it', async () => {
  const table = await createTable(pool);
  await insertRows(pool, table, [tableRow(at(1, '.123456'), { assessment_record_id: 'r-1', udise: null })]);
  const page = await sourceOf(table).readPage(pageQuery());
  expect(page).toEqual({
    rows: [
      {
        source_collection: table,
        mongo_doc_id: 'r-1',
        source_record_id: 'r-1',
        assessment_record_id: 'r-1',
        test_date: TEST_DATE,
        record_type: 'teacher_record',
        subject_id: 'reading',
        subject_name: SUBJECT,
        audio_s3_url: 's3://recordings/a.wav',
        source_updated_at: '2025-12-20T04:00:01.123Z',
        subject_created_at: '2025-12-20T04:00:01.123Z',
        student_id: 'student-1',
        udise: null,
      },
    ],
    exhausted: true,
    documentsRead: 1,
    unusable: [],
  });
});

test('ten thousand rows with ties come once each, in order, on pages of odd sizes, from the index', async () => {
  const table = await createTable(pool);
  const source = sourceOf(table);
  await source.ensureIndexes();
  await source.ensureIndexes();
  const ids = (i: number) => [`plain-${i}`, `Zürich-${i}`, `\u{1F600}-${i}`, `\uFFFD-${i}`][i % 4]!;
  const rows = Array.from({ length: 10_000 }, (_, i) =>
    // Microseconds that differ within one millisecond must not let the ids' order be skipped.
    tableRow(
      at(Math.floor(i / 37) % 400, `.5${String((i * 7919) % 100).padStart(2, '0')}${i % 1000}`.slice(0, 7)),
      {
        assessment_record_id: ids(i),
        record_type: i % 5 === 0 ? 'admin_record' : 'teacher_record',
      },
    ),
  );
  await insertRows(pool, table, rows);
  await insertRows(
    pool,
    table,
    Array.from({ length: 3_000 }, (_, i) => tableRow(at(i % 400), { test_date: '2025-12-19' })),
  );
  await pool.query(`ANALYZE public.${escapeIdentifier(table)}`);
  for (const limit of [997, 333]) {
    const { rows: read, documentsRead } = await readAll(source, { limit });
    expect(new Set(read.map((row) => row.mongo_doc_id)).size).toBe(10_000);
    expect(read).toHaveLength(10_000);
    expect(read).toEqual([...read].sort(compareRows));
    expect(documentsRead).toBeLessThanOrEqual(10_000 + Math.ceil(10_000 / limit));
  }
  const plans: string[] = [];
  const explaining = { query: explain(plans) } as unknown as Pool;
  const first = await source.readPage(pageQuery({ limit: 500 }));
  await createPostgresSource({ pool: explaining, schema: 'public', table }).readPage(
    pageQuery({ after: watermarkOf(first.rows.at(-1)!) }),
  );
  expect(plans[0]).toMatch(/Index Scan using vachan_page_[0-9a-f]+/);
  // The characters that are left out of a name stand in it, ends of lines among them.
  expect(plans[0]).toMatch(/Index Cond: [^]*ROW\(/);
  expect(plans[0]).not.toMatch(/Sort/);
});

test('rows that no watermark can tell apart come on one page', async () => {
  const table = await createTable(pool);
  const take = (n: number) =>
    tableRow(at(1), { assessment_record_id: 'r-1', audio_url: `s3://recordings/take-${n}.wav` });
  await insertRows(pool, table, [
    take(1),
    // The same in all columns, as a table without a key may hold them.
    take(1),
    take(2),
    tableRow(at(1), { assessment_record_id: 'r-1', record_type: 'nobody_record' }),
    ...Array.from({ length: 5 }, (_, i) => tableRow(at(2 + i), { assessment_record_id: `r-${2 + i}` })),
  ]);
  const source = sourceOf(table);
  for (const limit of [1, 2, 3, 4]) {
    let query = pageQuery({ limit });
    const read: string[] = [];
    for (;;) {
      const page = await source.readPage(query);
      read.push(...page.rows.map((row) => row.audio_s3_url));
      if (page.exhausted) break;
      query = { ...query, after: watermarkOf(page.rows.at(-1)!) };
    }
    expect(read.slice(0, 3).sort()).toEqual([1, 1, 2].map((n) => `s3://recordings/take-${n}.wav`));
    expect(read).toHaveLength(8);
  }
});

test('a mistake of the table that makes thousands of rows equal is bounded, and reported', async () => {
  const table = await createTable(pool);
  await insertRows(pool, table, [
    ...Array.from({ length: MAX_TIED_ROWS + 200 }, () => tableRow(at(1), { assessment_record_id: 'r-1' })),
    tableRow(at(2), { assessment_record_id: 'r-2' }),
  ]);
  const source = sourceOf(table);
  const page = await source.readPage(pageQuery({ limit: 10 }));
  expect(page.rows.length).toBeGreaterThanOrEqual(MAX_TIED_ROWS);
  expect(page.unusable).toEqual([
    { mongo_doc_id: 'r-1', record_type: 'teacher_record', subject_id: 'reading', reason: TOO_MANY_TIED },
  ]);
  const next = await source.readPage(pageQuery({ after: watermarkOf(page.rows.at(-1)!) }));
  expect(next.rows.map((row) => row.mongo_doc_id)).toEqual(['r-2']);
});

/** Passes queries on and keeps the plans of those that read a page. */
function explain(plans: string[]) {
  return async (text: string, parameters: unknown[]) => {
    if (text.includes('LIMIT $3')) {
      const plan = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, parameters);
      plans.push(plan.rows.map((row) => row['QUERY PLAN']).join('\n'));
    }
    return pool.query(text, parameters);
  };
}

test('rows without a usable id are reported once and do not stop the pages', async () => {
  const table = await createTable(pool);
  await insertRows(pool, table, [
    tableRow(at(0)),
    ...Array.from({ length: 50 }, (_, i) =>
      tableRow(at(1), { assessment_record_id: `bad-${i}`, subject_id: null }),
    ),
    tableRow(at(2)),
    tableRow(at(3), { assessment_record_id: 'odd', record_type: 'parent_record' }),
    tableRow(at(4)),
  ]);
  const { rows, unusable } = await readAll(sourceOf(table), { limit: 2 });
  expect(rows).toHaveLength(3);
  expect(unusable).toHaveLength(51);
  expect(unusable.find((row) => row.mongo_doc_id === 'odd')?.reason).toBe('record_type_invalid');
});

test('the look-back reads up to and including a position', async () => {
  const table = await createTable(pool);
  await insertRows(
    pool,
    table,
    Array.from({ length: 10 }, (_, i) => tableRow(at(i), { assessment_record_id: `r${i}` })),
  );
  const source = sourceOf(table);
  const all = (await source.readPage(pageQuery())).rows;
  const page = await source.readPage(pageQuery({ after: watermarkOf(all[2]!), upTo: watermarkOf(all[6]!) }));
  expect(page.rows.map((row) => row.mongo_doc_id)).toEqual(['r3', 'r4', 'r5', 'r6']);
  expect(page.exhausted).toBe(true);
});
