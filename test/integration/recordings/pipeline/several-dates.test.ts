import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { freshQueue } from '../../embedded-stack.js';
import { TEST_DATE } from '../sources/source-documents.js';
import { createNight, endLeftNights, type Night } from './night.js';
import { recordings } from './recordings.js';

const STORY_MS = 240_000;
const SOUND = 6;
const POISONED = 3;
const POISONED_DATE = '2025-12-21';

afterAll(endLeftNights);

/** A night with a sound date and one whose recordings are all missing. */
async function nightWithPoison(env: Readonly<Record<string, string>>): Promise<Night> {
  const night = await createNight({ maxReceiveCount: 3, env });
  await night.insert([
    ...recordings(SOUND, night.bucket),
    ...recordings(POISONED, night.bucket, 'not-there.mp3').map((row) => ({
      ...row,
      test_date: POISONED_DATE,
    })),
  ]);
  return night;
}

interface OnOneQueue {
  night: Night;
  sound: DiscoverySummary;
  poisoned: DiscoverySummary;
}

async function onOneQueue(): Promise<OnOneQueue> {
  const night = await nightWithPoison({});
  await night.worker();
  const runs = await Promise.all(
    [TEST_DATE, POISONED_DATE].map((test_date) => night.start('discoveryWorkflow', { test_date })),
  );
  const [sound, poisoned] = (await Promise.all(runs.map((run) => run.result()))) as DiscoverySummary[];
  return { night, sound: sound!, poisoned: poisoned! };
}

interface OnItsOwn {
  night: Night;
  own: DiscoverySummary;
  stillOpen: boolean;
}

/** The poisoned date's messages are away for an hour after their first try, so that it cannot end within this test. */
async function onItsOwn(): Promise<OnItsOwn> {
  const ownQueue = await freshQueue();
  const night = await nightWithPoison({
    SQS_RETRY_DELAY_SECONDS: '3600',
    SQS_RETRY_DELAY_MAX_SECONDS: '3600',
    SQS_ALLOWED_QUEUE_URLS: ownQueue.queueUrl,
  });
  const worker = await night.worker();
  const poisoned = await night.start('discoveryWorkflow', { test_date: POISONED_DATE });
  await worker.said('item_failed_pre_inference');
  const run = await night.start('discoveryWorkflow', {
    test_date: TEST_DATE,
    queue_url: ownQueue.queueUrl,
  });
  const own = (await run.result()) as DiscoverySummary;
  const stillOpen = (await poisoned.describe()).status.name === 'RUNNING';
  await poisoned.signal('drain');
  await poisoned.result();
  return { night, own, stillOpen };
}

let shared: OnOneQueue;
let apart: OnItsOwn;
beforeAll(async () => {
  [shared, apart] = await Promise.all([onOneQueue(), onItsOwn()]);
}, STORY_MS);

test('a sound and a poisoned date on one queue both end: one scored, one as dead-letter messages', async () => {
  const { night, sound, poisoned } = shared;
  expect(sound).toMatchObject({ status: 'completed', discovery: { enqueued: SOUND } });
  expect(poisoned).toMatchObject({ status: 'completed', discovery: { enqueued: POISONED } });
  const results = await night.results();
  expect(results).toHaveLength(SOUND);
  expect(await night.deadLetters()).toHaveLength(POISONED);
  const tries = night.csv().filter((row) => row.processing_status === 'failed_pre_inference');
  expect(tries).toHaveLength(POISONED * 3);
  await night.close();
});

test('a date on a queue of its own ends while the poisoned one is still at it', async () => {
  const { night, own, stillOpen } = apart;
  expect(own).toMatchObject({
    status: 'completed',
    outcomes: { completed: SOUND, failed_pre_inference: 0 },
  });
  expect(stillOpen).toBe(true);
  await night.close();
});
