import { MongoClient } from 'mongodb';
import { createSource } from '../../../../src/pipelines/recordings/sources/create-source.js';
import { freshDatabase, freshPostgresTable } from '../../embedded-stack.js';

test('the settings name the source; MongoDB is not asked for when it is Postgres', async () => {
  const { dsn, schema, table } = await freshPostgresTable();
  const noMongo = () => {
    throw new Error('asked for MongoDB');
  };
  const source = createSource({ type: 'postgres', dsn, schema, table }, noMongo);
  await source.ping();
  expect(source.sourceCollection).toBe(table);
  const page = await source.readPage({
    test_date: '2025-12-20',
    subject_name: 'वाचन',
    after: null,
    upTo: null,
    limit: 10,
  });
  expect(page).toEqual({ rows: [], exhausted: true, documentsRead: 0, unusable: [] });
  await source.close();
});

test('a MongoDB source leaves the client to its owner', async () => {
  const { uri, database } = freshDatabase();
  const client = await MongoClient.connect(uri);
  const source = createSource({ type: 'mongo', collection: 'student_assessment_record' }, () =>
    client.db(database),
  );
  await source.close();
  await source.ping();
  expect(source.sourceCollection).toBe('student_assessment_record');
  await client.close();
});
