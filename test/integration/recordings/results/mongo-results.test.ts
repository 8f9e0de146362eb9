import { MongoClient, type Collection } from 'mongodb';
import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { buildResultDocument } from '../../../../src/pipelines/recordings/results/build-result.js';
import { createMongoResultRepository } from '../../../../src/pipelines/recordings/results/mongo-result-repository.js';
import { AUDIO, INFERENCE, recordingMessage } from '../../../unit/recordings/results/deliveries.js';
import { freshDatabase } from '../../embedded-stack.js';

let client: MongoClient;
let collection: Collection<ResultDocument>;
const commands: Record<string, unknown>[] = [];

beforeAll(async () => {
  client = await MongoClient.connect(freshDatabase().uri, { monitorCommands: true });
  client.on('commandStarted', ({ command }) => commands.push(command as Record<string, unknown>));
});
afterAll(() => client.close());
beforeEach(() => {
  collection = client.db(freshDatabase().database).collection('anomaly_detection_results');
  commands.length = 0;
});

const result = (i: number, processedAt = '2025-12-20T20:00:00.000Z') =>
  buildResultDocument({
    message: recordingMessage({ audio_s3_url: `s3://bucket/${i}.wav` }),
    pipelineName: 'audio_anomaly',
    basis: 'recording',
    inference: INFERENCE,
    audio: AUDIO,
    processing: {
      message_id: `message-${i}`,
      receive_count: 1,
      workflow_id: 'workflow',
      batch_id: 'batch',
      processed_at: new Date(processedAt),
      timings_ms: {},
    },
  });

test('results are written in chunks of 500 with a majority and the journal, and found in one look-up', async () => {
  const repository = createMongoResultRepository(collection);
  const documents = Array.from({ length: 1_001 }, (_, i) => result(i));
  const report = await repository.upsertResults(documents);
  expect(report).toEqual({ durable: documents.map((document) => document._id), failed: [] });
  const updates = commands.filter((command) => 'update' in command);
  expect(updates.map((command) => (command['updates'] as unknown[]).length)).toEqual([500, 500, 1]);
  expect(updates[0]).toMatchObject({ ordered: false, writeConcern: { w: 'majority', j: true } });
  commands.length = 0;
  const ids = [documents[3]!._id, 'f'.repeat(64), documents[900]!._id];
  expect(await repository.findExisting(ids)).toEqual(new Set([documents[3]!._id, documents[900]!._id]));
  expect(commands).toHaveLength(1);
  expect(await repository.findExisting([])).toEqual(new Set());
});

test('a second scoring replaces the result and keeps its created_at', async () => {
  const repository = createMongoResultRepository(collection);
  await repository.upsertResults([result(1)]);
  await repository.upsertResults([result(1, '2025-12-21T20:00:00.000Z')]);
  expect(await collection.find().toArray()).toEqual([
    { ...result(1, '2025-12-21T20:00:00.000Z'), created_at: new Date('2025-12-20T20:00:00.000Z') },
  ]);
});

test('a second scoring without a shadow model leaves no word of the first one’s', async () => {
  const repository = createMongoResultRepository(collection);
  const before = { ...result(1), inference_shadow: { ...INFERENCE, model_name: 'candidate' } };
  await repository.upsertResults([before]);
  expect(await collection.findOne()).toHaveProperty('inference_shadow.model_name', 'candidate');
  await repository.upsertResults([result(1)]);
  expect(await collection.findOne()).toEqual(result(1));
});

test('of a partly refused bulk, the report says exactly which results are durable', async () => {
  await collection.createIndex({ 'processing.message_id': 1 }, { unique: true }, {});
  const repository = createMongoResultRepository(collection);
  const documents = Array.from({ length: 6 }, (_, i) => result(i));
  documents[2]!.processing.message_id = 'message-0';
  documents[4]!.processing.message_id = 'message-0';
  const report = await repository.upsertResults(documents);
  const ids = documents.map((document) => document._id);
  expect(report.durable).toEqual([ids[0], ids[1], ids[3], ids[5]]);
  expect(report.failed).toEqual([
    { id: ids[2], code: '11000' },
    { id: ids[4], code: '11000' },
  ]);
  expect(await repository.findExisting(ids)).toEqual(new Set(report.durable));
});

test('the same new results written from two sides at once are all durable on both', async () => {
  const repository = createMongoResultRepository(collection);
  const documents = Array.from({ length: 60 }, (_, i) => result(i));
  const reports = await Promise.all([
    repository.upsertResults(documents),
    repository.upsertResults(documents),
  ]);
  expect(reports.map((report) => report.failed)).toEqual([[], []]);
  expect(await collection.countDocuments()).toBe(60);
});

test('the indexes of the contract are made once', async () => {
  const repository = createMongoResultRepository(collection);
  await repository.ensureIndexes();
  await repository.ensureIndexes();
  expect(await collection.indexes()).toHaveLength(4);
});

test('a store that is away is unavailable, and nothing is claimed to be durable', async () => {
  const away = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 50 });
  const repository = createMongoResultRepository(away.db('d').collection('results'));
  await expect(repository.upsertResults([result(1)])).rejects.toThrow(DependencyUnavailable);
  await expect(repository.findExisting(['a'])).rejects.toThrow(DependencyUnavailable);
  await away.close();
});
