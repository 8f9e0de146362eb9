import { MongoClient, type Collection } from 'mongodb';
import type {
  FeatureLog,
  MeasuredRecording,
  ScoringModelNote,
} from '../../../../src/pipelines/recordings/results/feature-log.js';
import {
  createMongoFeatureLog,
  type FeatureLogEntry,
} from '../../../../src/pipelines/recordings/results/mongo-feature-log.js';
import { freshDatabase } from '../../embedded-stack.js';

let client: MongoClient;
let collection: Collection<FeatureLogEntry>;
let at: number;

beforeAll(async () => {
  client = await MongoClient.connect(freshDatabase().uri);
});
afterAll(() => client.close());
beforeEach(() => {
  collection = client.db(freshDatabase().database).collection('results_features');
  at = Date.parse('2025-12-20T20:00:00.000Z');
});

const KEY = { source_collection: 'student_assessment_record', test_date: '2025-12-20' };

const logOf = (...featureNames: string[]): FeatureLog =>
  createMongoFeatureLog(collection, { featureNames, retentionDays: 30, now: () => new Date(at++) });

/** A model of that version, trained on features of which it uses the first only. */
const model = (version = '1', mean = 0.1): ScoringModelNote => ({
  ...{ name: 'm', version },
  training: { means: Float64Array.of(mean, NaN), stds: Float64Array.of(mean / 3, NaN) },
});

const recording = (id: string, ...features: number[]): MeasuredRecording => ({
  resultDocumentId: id.repeat(64),
  features,
});

async function readAll(log: FeatureLog, key = KEY): Promise<{ rows: number[][]; notComparable: number }> {
  const rows: number[][] = [];
  const { notComparable } = await log.read(key, (features) => rows.push([...features]));
  return { rows: rows.sort(([a], [b]) => a! - b!), notComparable };
}

test('recordings of all batches of a date are read, and of no other date or source', async () => {
  const log = logOf('a', 'b');
  await log.record('batch-1', KEY, model(), [recording('1', 1, -0.5), recording('2', 2, 1e-9)]);
  await log.record('batch-2', KEY, model(), [recording('3', 3, 8)]);
  await log.record('batch-2', { ...KEY, test_date: '2025-12-21' }, model(), [recording('4', 4, 4)]);
  await log.record('batch-2', { ...KEY, source_collection: 'other' }, model(), [recording('5', 5, 5)]);
  await log.record('batch-3', KEY, model(), []);
  expect(await readAll(log)).toEqual({
    rows: [
      [1, -0.5],
      [2, Math.fround(1e-9)],
      [3, 8],
    ],
    notComparable: 0,
  });
});

test('a recording counts once: by the last attempt of a batch, and by the last of several batches', async () => {
  const log = logOf('a');
  await log.record('batch-1', KEY, model(), [recording('1', 10), recording('2', 20)]);
  await log.record('batch-1', KEY, model(), [recording('1', 11), recording('2', 21)]);
  await log.record('batch-2', KEY, model(), [recording('2', 22), recording('3', 32)]);
  expect((await readAll(log)).rows).toEqual([[11], [22], [32]]);
});

test('recordings whose features were others are counted, not read', async () => {
  await logOf('a', 'b').record('batch-1', KEY, model(), [recording('1', 1, 2), recording('2', 1, 2)]);
  const newer = logOf('a', 'b', 'c');
  await newer.record('batch-2', KEY, model(), [recording('2', 1, 2, 3)]);
  expect(await readAll(newer)).toEqual({ rows: [[1, 2, 3]], notComparable: 1 });
});

test('each recording is read with the model that scored it and what that was trained on, the latest first', async () => {
  const log = logOf('a', 'b');
  await log.record('batch-1', KEY, model('1', 1), [recording('1', 1, 1), recording('2', 2, 2)]);
  await log.record('batch-2', KEY, model('2', 2), [recording('2', 3, 3)]);
  // One batch whose second attempt was scored by a new version.
  await log.record('batch-2', KEY, model('3', 3), [recording('3', 4, 4)]);
  const read: [number, ScoringModelNote][] = [];
  await log.read(KEY, (features, by) => read.push([features[0]!, by]));
  expect(read).toEqual([
    [4, model('3', 3)],
    [3, model('2', 2)],
    [1, model('1', 1)],
  ]);
});

test('its indexes are made once, and entries carry the day on which they go', async () => {
  const log = logOf('a');
  await log.ensureIndexes();
  await log.ensureIndexes();
  expect((await collection.indexes()).map(({ key }) => Object.keys(key).join())).toEqual(
    expect.arrayContaining(['source_collection,test_date,measured_at', 'expires_at']),
  );
  await log.record('batch-1', KEY, model(), [recording('1', 1)]);
  expect((await collection.findOne())?.expires_at).toEqual(new Date('2026-01-19T20:00:00.000Z'));
});
