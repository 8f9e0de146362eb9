import { Decimal128, Long, MongoClient, ObjectId, UUID, type Collection } from 'mongodb';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { idText } from '../../../../src/pipelines/recordings/sources/mongo-ids.js';
import { createMongoSource } from '../../../../src/pipelines/recordings/sources/mongo-source.js';
import type {
  SourceRepository,
  SourceRowKey,
} from '../../../../src/pipelines/recordings/sources/source-repository.js';
import { freshDatabase } from '../../embedded-stack.js';
import { RECORDED_MS, sourceDocument, subject, SUBJECT, TEST_DATE } from './source-documents.js';

let client: MongoClient;
let collection: Collection;
let source: SourceRepository;

beforeAll(async () => {
  client = await MongoClient.connect(freshDatabase().uri, { monitorCommands: true });
});
afterAll(() => client.close());
beforeEach(() => {
  collection = client.db(freshDatabase().database).collection('student_assessment_record');
  source = createMongoSource({ collection });
});

const key = (overrides: Partial<SourceRowKey> = {}): SourceRowKey => ({
  mongo_doc_id: 'doc',
  test_date: TEST_DATE,
  record_type: 'teacher_record',
  subject_id: 'reading',
  subject_name: SUBJECT,
  ...overrides,
});

test('eligibility is answered key by key in one query, whatever type the ids have', async () => {
  const objectId = new ObjectId();
  await collection.insertMany([
    sourceDocument(RECORDED_MS, { _id: objectId }),
    sourceDocument(RECORDED_MS, { _id: 17 }),
    sourceDocument(RECORDED_MS, {
      _id: 'changed',
      assessments: [
        { test_date: TEST_DATE, teacher_record: { subjects: [subject(RECORDED_MS, { audio_url: '' })] } },
      ],
    }),
    sourceDocument(RECORDED_MS, {
      _id: 'numbered',
      assessments: [
        { test_date: TEST_DATE, admin_record: { subjects: [subject(RECORDED_MS, { subject_id: 3 })] } },
      ],
    }),
  ] as never[]);
  let finds = 0;
  client.on('commandStarted', ({ commandName }) => {
    if (commandName === 'find') finds += 1;
  });
  const answers = await source.stillEligible([
    key({ mongo_doc_id: objectId.toHexString() }),
    key({ mongo_doc_id: '17' }),
    key({ mongo_doc_id: 'changed' }),
    key({ mongo_doc_id: 'numbered', record_type: 'admin_record', subject_id: '3' }),
    key({ mongo_doc_id: 'numbered', subject_id: '3' }),
    key({ mongo_doc_id: '17', test_date: '2025-12-21' }),
    key({ mongo_doc_id: '17', subject_name: 'गणित' }),
    key({ mongo_doc_id: '{"$gt":""}' }),
  ]);
  expect(answers).toEqual([true, true, false, true, false, false, false, false]);
  expect(finds).toBe(1);
  expect(await source.stillEligible([])).toEqual([]);
});

test('a backlink reaches subjects whose ids are of any type', async () => {
  const ids = [
    new UUID(),
    Decimal128.fromString('7.5'),
    Long.fromString('9007199254740995'),
    { a: 1, b: 'x' },
  ];
  await collection.insertMany(
    ids.map((id) =>
      sourceDocument(RECORDED_MS, {
        _id: id,
        assessments: [
          { test_date: TEST_DATE, teacher_record: { subjects: [subject(RECORDED_MS, { subject_id: id })] } },
        ],
      }),
    ) as never[],
  );
  const keys = ids.map((id) => key({ mongo_doc_id: idText(id)!, subject_id: idText(id)! }));
  expect(await source.stillEligible(keys)).toEqual(keys.map(() => true));
  await source.writeBacklinks(
    keys.map((of, i) => ({ key: of, anomaly_result_id: `r${i}`, anomaly_processed_at: new Date(0) })),
  );
  const linked = 'assessments.teacher_record.subjects.anomaly_result_id';
  expect(await collection.countDocuments({ [linked]: { $exists: true } })).toBe(ids.length);
});

test('eligibility is asked of the primary and its newest data, whatever the connection prefers', async () => {
  const lagging = await MongoClient.connect(freshDatabase().uri, {
    monitorCommands: true,
    readPreference: 'secondaryPreferred',
    readConcernLevel: 'majority',
  });
  try {
    const commands: Record<string, unknown>[] = [];
    lagging.on('commandStarted', ({ commandName, command }) => {
      if (commandName === 'find') commands.push(command);
    });
    const db = lagging.db(freshDatabase().database);
    await createMongoSource({ collection: db.collection('rows') }).stillEligible([key()]);
    expect(commands).toHaveLength(1);
    expect(JSON.stringify(commands[0]!['$readPreference'] ?? {})).not.toContain('secondary');
    expect(commands[0]!['readConcern']).toEqual({ level: 'local' });
  } finally {
    await lagging.close();
  }
});

test('a backlink reaches its own subject only, and a row that is gone is no error', async () => {
  const document = sourceDocument(RECORDED_MS, {
    _id: 'doc',
    assessments: [
      { test_date: TEST_DATE, admin_record: { subjects: [subject(RECORDED_MS)] } },
      {
        test_date: new Date(`${TEST_DATE}T00:00:00Z`),
        teacher_record: { subjects: [subject(RECORDED_MS), subject(RECORDED_MS, { subject_id: 'other' })] },
      },
      { test_date: '2025-12-21', teacher_record: { subjects: [subject(RECORDED_MS)] } },
    ],
  });
  await collection.insertOne(document as never);
  const processedAt = new Date('2025-12-21T00:00:00.000Z');
  await source.writeBacklinks([
    { key: key(), anomaly_result_id: 'a'.repeat(64), anomaly_processed_at: processedAt },
    {
      key: key({ mongo_doc_id: 'gone' }),
      anomaly_result_id: 'b'.repeat(64),
      anomaly_processed_at: processedAt,
    },
  ]);
  const stored = (await collection.findOne({ _id: 'doc' as never })) as typeof document | null;
  const linked = JSON.stringify(stored).match(/anomaly_result_id/g);
  expect(linked).toHaveLength(1);
  expect(stored?.assessments[1]).toMatchObject({
    teacher_record: {
      subjects: [
        { anomaly_result_id: 'a'.repeat(64), anomaly_processed_at: processedAt },
        { subject_id: 'other' },
      ],
    },
  });
});

test('the indexes of the contract are made once', async () => {
  await source.ensureIndexes();
  await source.ensureIndexes();
  const keys = (await collection.indexes()).map((index) => Object.keys(index.key as object)[0]);
  expect(keys.sort()).toEqual([
    '_id',
    'assessments.admin_record.subjects.subject_created_at',
    'assessments.admin_record.subjects.subject_name',
    'assessments.teacher_record.subjects.subject_created_at',
    'assessments.teacher_record.subjects.subject_name',
    'assessments.test_date',
  ]);
});

test('a database that does not answer is named as unavailable, without the values of the query', async () => {
  const away = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 50 });
  const gone = createMongoSource({ collection: away.db('d').collection('student_assessment_record') });
  await expect(gone.ping()).rejects.toThrow(DependencyUnavailable);
  const error: unknown = await gone
    .stillEligible([key({ mongo_doc_id: 'private-id' })])
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DependencyUnavailable);
  expect((error as Error).message).not.toContain('private-id');
  await away.close();
});
