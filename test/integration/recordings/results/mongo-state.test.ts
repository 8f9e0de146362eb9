import { MongoClient, type Collection } from 'mongodb';
import type { StateDocument } from '../../../../src/pipelines/recordings/contract/state-document.js';
import type { Watermark } from '../../../../src/pipelines/recordings/contract/watermark.js';
import { InvalidInput } from '../../../../src/platform/errors.js';
import {
  createMongoSentLog,
  type SentEntry,
} from '../../../../src/pipelines/recordings/results/mongo-sent-log.js';
import { createMongoStateRepository } from '../../../../src/pipelines/recordings/results/mongo-state-repository.js';
import type {
  StateRepository,
  StateToSave,
} from '../../../../src/pipelines/recordings/results/state-repository.js';
import { freshDatabase } from '../../embedded-stack.js';

let client: MongoClient;
let collection: Collection<StateDocument>;
let states: StateRepository;

beforeAll(async () => {
  client = await MongoClient.connect(freshDatabase().uri);
});
afterAll(() => client.close());
beforeEach(async () => {
  collection = client.db(freshDatabase().database).collection('anomaly_pipeline_state');
  states = createMongoStateRepository(collection);
  await states.ensureIndexes();
});

const watermark = (second: number, docId = 'doc', subjectId = 's'): Watermark => ({
  last_processed_timestamp: new Date(Date.UTC(2025, 11, 20, 4, 0, second)).toISOString(),
  last_processed_doc_id: docId,
  last_processed_subject_id: subjectId,
  last_processed_record_type: 'teacher_record',
});

const state = (at: Watermark | null, overrides: Partial<StateToSave> = {}): StateToSave => ({
  pipeline_name: 'audio_anomaly',
  stage: 'enqueue',
  source_collection: 'student_assessment_record',
  test_date: '2025-12-20',
  mode: 'incremental',
  status: 'running',
  watermark: at,
  stats: { pages: 1, discovered: 100, enqueued: 90, existing: 10, late: 0 },
  last_run: { workflow_id: 'w', run_id: 'run-1', started_at: new Date(0), finished_at: null },
  ...overrides,
});

const load = () => states.load('student_assessment_record', '2025-12-20');
const anotherRun = { workflow_id: 'w', run_id: 'run-2', started_at: new Date(1), finished_at: null };

test('a state comes back as it was saved, under the contract’s id', async () => {
  expect(await load()).toBeNull();
  expect(await states.save(state(watermark(1)))).toBe('saved');
  const first = await load();
  expect(first).toMatchObject({
    _id: 'audio_anomaly:enqueue:student_assessment_record:2025-12-20',
    ...state(watermark(1)),
  });
  expect(await states.save(state(watermark(2), { status: 'completed' }))).toBe('saved');
  expect(await load()).toMatchObject({ status: 'completed', created_at: first?.created_at });
});

test.each([
  ['an older time', watermark(4)],
  ['the same time and an earlier document', watermark(5, 'd')],
  ['a document that is earlier by bytes only', watermark(5, 'Doc')],
  ['the same document and an earlier subject', watermark(5, 'doc', 'r')],
  ['no watermark', null],
])('%s is refused and changes nothing', async (_, older) => {
  await states.save(state(watermark(5)));
  const before = await load();
  expect(await states.save(state(older, { status: 'failed' }))).toBe('refused_older');
  expect(await load()).toEqual(before);
});

test('an equal watermark is written, since status and counts move on', async () => {
  await states.save(state(watermark(5)));
  expect(await states.save(state(watermark(5), { status: 'paused' }))).toBe('saved');
  expect((await load())?.status).toBe('paused');
});

test('a backfill may begin anew once, and a late retry of its beginning undoes nothing', async () => {
  await states.save(state(watermark(50)));
  const begin = state(null, { mode: 'backfill', last_run: anotherRun });
  expect(await states.save(begin)).toBe('refused_older');
  expect(await states.save(begin, { startsAnew: true })).toBe('saved');
  expect(await states.save(state(watermark(3), { mode: 'backfill', last_run: anotherRun }))).toBe('saved');
  expect(await states.save(begin, { startsAnew: true })).toBe('refused_older');
  expect((await load())?.watermark).toEqual(watermark(3));
});

test('only a backfill may begin anew', async () => {
  await states.save(state(watermark(50)));
  const begin = state(null, { last_run: anotherRun });
  expect(await states.save(begin, { startsAnew: true })).toBe('refused_older');
});

test('of many writers at once, the furthest watermark stands', async () => {
  const seconds = Array.from({ length: 20 }, (_, i) => (i * 7) % 20);
  await Promise.all(seconds.map((second) => states.save(state(watermark(second)))));
  expect((await load())?.watermark).toEqual(watermark(19));
  expect(await collection.countDocuments()).toBe(1);
});

test('a state that another program wrote in its own form is named, not guessed at', async () => {
  await states.save(state(watermark(1)));
  await collection.updateOne({}, { $set: { 'watermark.last_processed_timestamp': 5 } });
  await expect(load()).rejects.toThrow(InvalidInput);
  await expect(load()).rejects.toThrow(/last_processed_timestamp/);
});

test('the sent log knows what a run has sent, until the run is forgotten', async () => {
  const entries = client.db(freshDatabase().database).collection<SentEntry>('anomaly_pipeline_state_sent');
  const log = createMongoSentLog(entries);
  await log.ensureIndexes();
  await log.remember('source:2025-12-20', ['a1', 'b2']);
  await log.remember('source:2025-12-20', ['b2', 'c3']);
  await log.remember('source:2025-12-21', ['a1']);
  expect(await log.alreadySent('source:2025-12-20', ['a1', 'c3', 'd4'])).toEqual(new Set(['a1', 'c3']));
  expect(await log.alreadySent('source:2025-12-20', [])).toEqual(new Set());
  await log.forget('source:2025-12-20');
  expect(await log.alreadySent('source:2025-12-20', ['a1', 'b2', 'c3'])).toEqual(new Set());
  expect(await log.alreadySent('source:2025-12-21', ['a1'])).toEqual(new Set(['a1']));
  const indexes = await entries.indexes();
  expect(indexes.find((index) => index.name === 'sent_at_1')).toMatchObject({
    expireAfterSeconds: 15 * 86_400,
  });
});
