import { escapeIdentifier, Pool } from 'pg';
import { DependencyUnavailable, InvalidInput } from '../../../../src/platform/errors.js';
import { createPostgresSource } from '../../../../src/pipelines/recordings/sources/postgres-source.js';
import { createTable, insertRows, tableRow } from './postgres-rows.js';
import { pageQuery, SUBJECT, TEST_DATE } from './source-documents.js';
import { pool, openPool, closePool, sourceOf, at } from './postgres-source-under-test.js';

beforeAll(openPool);
afterAll(closePool);

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
