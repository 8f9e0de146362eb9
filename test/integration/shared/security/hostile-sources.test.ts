import { escapeIdentifier, type Pool } from 'pg';
import { MongoClient, type Document } from 'mongodb';
import { InvalidInput } from '../../../../src/platform/errors.js';
import { createMongoSource } from '../../../../src/pipelines/recordings/sources/mongo-source.js';
import { createPostgresSource } from '../../../../src/pipelines/recordings/sources/postgres-source.js';
import type { SourceRowKey } from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { freshDatabase } from '../../embedded-stack.js';
import { connect, createTable, insertRows, tableRow } from '../../recordings/sources/postgres-rows.js';
import {
  RECORDED_MS,
  SUBJECT,
  TEST_DATE,
  sourceDocument,
} from '../../recordings/sources/source-documents.js';

const HOSTILE = [
  '{"$gt":""}',
  '$where',
  "' OR '1'='1",
  '"; DROP TABLE x; --',
  'doc\u0000',
  '\u202Ecod',
  '../doc',
  '%',
];

const keyOf = (mongo_doc_id: string, changes: Partial<SourceRowKey> = {}): SourceRowKey => ({
  mongo_doc_id,
  test_date: TEST_DATE,
  record_type: 'teacher_record',
  subject_id: 'reading',
  subject_name: SUBJECT,
  ...changes,
});
const hostileKeys = HOSTILE.flatMap((text) => [
  keyOf(text),
  keyOf('doc', { subject_id: text }),
  keyOf('doc', { subject_name: text }),
]);
const onlyTheFirst = [true, ...hostileKeys.map(() => false)];

describe('with Postgres', () => {
  let pool: Pool;
  beforeAll(() => {
    pool = connect();
  });
  afterAll(() => pool.end());

  test('ids made to break a query match no row, and spoil the answer for no other', async () => {
    const table = await createTable(pool);
    await insertRows(pool, table, [
      tableRow('2025-12-20T04:00:00.000Z', { assessment_record_id: 'doc', subject_id: 'reading' }),
    ]);
    const source = createPostgresSource({ pool, schema: 'public', table });
    expect(await source.stillEligible([keyOf('doc'), ...hostileKeys])).toEqual(onlyTheFirst);
  });

  test('names from the settings are identifiers whatever they hold', async () => {
    const table = await createTable(pool);
    const breakout = `${table}"; DROP TABLE public."${table}"; --`;
    const page = { test_date: TEST_DATE, subject_name: SUBJECT, after: null, upTo: null, limit: 1 };
    for (const names of [
      { schema: 'public', table: breakout },
      { schema: breakout, table },
      { schema: 'public', table, columns: { student_id: breakout } },
    ]) {
      await expect(createPostgresSource({ pool, ...names }).readPage(page)).rejects.toThrow(InvalidInput);
    }
    const left = await pool.query(`SELECT count(*) FROM public.${escapeIdentifier(table)}`);
    expect(left.rows).toHaveLength(1);
  });
});

test('with MongoDB, ids made to break a query match no row, and spoil the answer for no other', async () => {
  const { uri, database } = freshDatabase();
  const client = await MongoClient.connect(uri);
  try {
    const collection = client.db(database).collection('student_assessment_record');
    await collection.insertMany([sourceDocument(RECORDED_MS, { _id: 'doc' })] as Document[]);
    const source = createMongoSource({ collection });
    expect(await source.stillEligible([keyOf('doc'), ...hostileKeys])).toEqual(onlyTheFirst);
  } finally {
    await client.close();
  }
});
