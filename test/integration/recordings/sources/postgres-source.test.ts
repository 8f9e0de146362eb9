import { randomUUID } from 'node:crypto';
import { escapeIdentifier, Pool } from 'pg';
import type { SourceRow } from '../../../../src/pipelines/recordings/contract/source-row.js';
import { compareRows, watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import { createPostgresSource } from '../../../../src/pipelines/recordings/sources/postgres-source.js';
import type {
  PageQuery,
  SourceRepository,
  SourceRowKey,
  UnusableRow,
} from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { MAX_TIED_ROWS, TOO_MANY_TIED } from '../../../../src/pipelines/recordings/sources/tied-rows.js';
import { embeddedStack } from '../../embedded-stack.js';
import { connect, createTable, insertRows, tableRow } from './postgres-rows.js';
import { pageQuery, SUBJECT, TEST_DATE } from './source-documents.js';

let pool: Pool;
beforeAll(() => {
  pool = connect();
});
afterAll(() => pool.end());

const sourceOf = (table: string, columns = {}): SourceRepository =>
  createPostgresSource({ pool, schema: 'public', table, columns });

async function readAll(source: SourceRepository, overrides: Partial<PageQuery> = {}) {
  const rows: SourceRow[] = [];
  const unusable: UnusableRow[] = [];
  let documentsRead = 0;
  let query = pageQuery(overrides);
  for (;;) {
    const page = await source.readPage(query);
    rows.push(...page.rows);
    unusable.push(...page.unusable);
    documentsRead += page.documentsRead;
    if (page.exhausted) return { rows, unusable, documentsRead };
    expect(page.rows).toHaveLength(query.limit);
    query = { ...query, after: watermarkOf(page.rows.at(-1)!) };
  }
}

const at = (second: number, fraction = '.000') =>
  `2025-12-20T04:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}${fraction}Z`;

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

test('only candidates are read, whatever spelling the name has', async () => {
  const table = await createTable(pool);
  const name = 'पढ़ना';
  await insertRows(pool, table, [
    tableRow(at(1), { subject_name: 'प\u095dना', assessment_record_id: 'composed' }),
    tableRow(at(2), { subject_name: 'पढ\u093cना', assessment_record_id: 'decomposed' }),
    tableRow(at(3), { subject_name: 'गणित' }),
    tableRow(at(3), { subject_name: name, audio_url: '' }),
    tableRow(at(3), { subject_name: name, audio_url: null }),
    tableRow(at(3), { subject_name: name, test_date: '2025-12-21' }),
    tableRow(at(3), { subject_name: name, subject_created_at: null }),
    tableRow('infinity', { subject_name: name, assessment_record_id: 'endless' }),
  ]);
  const source = sourceOf(table);
  const page = await source.readPage(pageQuery({ subject_name: name }));
  expect(page.rows.map((row) => row.mongo_doc_id)).toEqual(['composed', 'decomposed']);
  expect(page.rows[0]?.subject_name).toBe(name.normalize('NFC'));
  expect(page.unusable).toEqual([
    {
      mongo_doc_id: 'endless',
      record_type: 'teacher_record',
      subject_id: 'reading',
      reason: 'subject_created_at_out_of_range',
    },
  ]);
  const keys = page.rows.map((row) => ({ ...row, subject_name: name.normalize('NFD') }));
  expect(await source.stillEligible(keys)).toEqual([true, true]);
});

test.each([
  ['timestamptz', '2025-12-20T00:00:00+05:30', '2025-12-19T00:00:00+05:30', 'in_another_time_zone'],
  ['text', ' 2025-12-20T10:00:00', '20/12/2025', 'not_understood'],
])(
  'a test date of the type %s is taken where it is safely the same, and counted otherwise',
  async (type, same, other, why) => {
    const table = await createTable(pool, { test_date: type });
    const timeZone = type === 'text' ? 'UTC' : 'Asia/Kolkata';
    const source = createPostgresSource({ pool, schema: 'public', table, timeZone });
    await source.ensureIndexes();
    const rows = [
      tableRow(at(1), { test_date: `${TEST_DATE}T00:00:00Z`, assessment_record_id: 'utc' }),
      tableRow(at(2), { test_date: same, assessment_record_id: 'same', subject_name: '\u00a0वाच\u200cन ' }),
      tableRow(at(3), {
        test_date: type === 'text' ? other : '2025-12-19T16:00:00Z',
        assessment_record_id: 'other',
      }),
      tableRow(at(4), { test_date: TEST_DATE, audio_url: null }),
      tableRow(at(5), { test_date: TEST_DATE, subject_created_at: null }),
      tableRow(at(6), { test_date: TEST_DATE, subject_name: 'वा-चन' }),
      tableRow(at(7), { test_date: TEST_DATE, subject_name: 'गणित' }),
    ].map((row) => ({
      ...row,
      test_date: row.test_date === TEST_DATE ? `${TEST_DATE}T00:00:00Z` : row.test_date,
    }));
    await insertRows(pool, table, rows);
    const page = await source.readPage(pageQuery());
    expect(page.rows.map((row) => [row.mongo_doc_id, row.test_date, row.subject_name])).toEqual([
      ['utc', TEST_DATE, SUBJECT],
      ['same', TEST_DATE, SUBJECT],
    ]);
    expect(await source.stillEligible(page.rows)).toEqual([true, true]);
    expect(await source.countRows(pageQuery())).toMatchObject({
      candidates: 2,
      rows_passed_over: {
        [`test_date_${why}`]: 1,
        audio_url_missing: 1,
        subject_created_at_missing: 1,
        subject_name_near_miss: 1,
      },
    });
  },
);

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

test('backlinks reach their rows; a table without the columns is told which it needs', async () => {
  const table = await createTable(pool, { anomaly_result_id: 'text', anomaly_processed_at: 'timestamptz' });
  await insertRows(pool, table, [
    tableRow(at(1), { assessment_record_id: 'r1' }),
    tableRow(at(2), { assessment_record_id: 'r2' }),
  ]);
  const source = sourceOf(table);
  const [row] = (await source.readPage(pageQuery())).rows;
  const backlink = { key: row!, anomaly_result_id: 'a'.repeat(64), anomaly_processed_at: new Date(0) };
  await source.writeBacklinks([backlink, { ...backlink, key: { ...row!, mongo_doc_id: 'gone' } }]);
  const stored = await pool.query(
    `SELECT assessment_record_id AS id, anomaly_result_id AS result, anomaly_processed_at AS at
     FROM public.${escapeIdentifier(table)} ORDER BY 1`,
  );
  expect(stored.rows).toEqual([
    { id: 'r1', result: 'a'.repeat(64), at: new Date(0) },
    { id: 'r2', result: null, at: null },
  ]);
  const bare = await createTable(pool);
  await expect(sourceOf(bare).writeBacklinks([backlink])).rejects.toThrow(InvalidInput);
});

test('a server that does not answer is unavailable', async () => {
  const away = new Pool({ connectionString: 'postgresql://nobody@127.0.0.1:1/none' });
  const source = createPostgresSource({ pool: away, schema: 'public', table: 't' });
  await expect(source.ping()).rejects.toThrow(DependencyUnavailable);
  await expect(source.readPage(pageQuery())).rejects.toThrow(/ECONNREFUSED/);
  await source.close();
});
