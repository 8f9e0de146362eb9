import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import { freshQueue } from '../../embedded-stack.js';
import { TEST_DATE } from '../sources/source-documents.js';
import { createInstallation, endLeftInstallations, type Installation } from './installation.js';
import { recordings } from './recordings.js';

const STORY_MS = 240_000;
const SOUND = 6;
const POISONED = 3;
const POISONED_DATE = '2025-12-21';

afterAll(endLeftInstallations);

/** An installation with a sound date and one whose recordings are all missing. */
async function installationWithPoison(env: Readonly<Record<string, string>>): Promise<Installation> {
  const installation = await createInstallation({ maxReceiveCount: 3, env });
  await installation.insert([
    ...recordings(SOUND, installation.bucket),
    ...recordings(POISONED, installation.bucket, 'not-there.mp3').map((row) => ({
      ...row,
      test_date: POISONED_DATE,
    })),
  ]);
  return installation;
}

interface OnOneQueue {
  installation: Installation;
  sound: DiscoverySummary;
  poisoned: DiscoverySummary;
}

async function onOneQueue(): Promise<OnOneQueue> {
  const installation = await installationWithPoison({});
  await installation.worker();
  const runs = await Promise.all(
    [TEST_DATE, POISONED_DATE].map((test_date) => installation.start('discoveryWorkflow', { test_date })),
  );
  const [sound, poisoned] = (await Promise.all(runs.map((run) => run.result()))) as DiscoverySummary[];
  return { installation, sound: sound!, poisoned: poisoned! };
}

interface OnItsOwn {
  installation: Installation;
  own: DiscoverySummary;
  stillOpen: boolean;
}

/** The poisoned date's messages are away for an hour after their first try, so that it cannot end within this test. */
async function onItsOwn(): Promise<OnItsOwn> {
  const ownQueue = await freshQueue();
  const installation = await installationWithPoison({
    SQS_RETRY_DELAY_SECONDS: '3600',
    SQS_RETRY_DELAY_MAX_SECONDS: '3600',
    SQS_ALLOWED_QUEUE_URLS: ownQueue.queueUrl,
  });
  const worker = await installation.worker();
  const poisoned = await installation.start('discoveryWorkflow', { test_date: POISONED_DATE });
  await worker.said('item_failed_pre_inference');
  const run = await installation.start('discoveryWorkflow', {
    test_date: TEST_DATE,
    queue_url: ownQueue.queueUrl,
  });
  const own = (await run.result()) as DiscoverySummary;
  const stillOpen = (await poisoned.describe()).status.name === 'RUNNING';
  await poisoned.signal('drain');
  await poisoned.result();
  return { installation, own, stillOpen };
}

let shared: OnOneQueue;
let apart: OnItsOwn;
beforeAll(async () => {
  [shared, apart] = await Promise.all([onOneQueue(), onItsOwn()]);
}, STORY_MS);

test('a sound and a poisoned date on one queue both end: one scored, one as dead-letter messages', async () => {
  const { installation, sound, poisoned } = shared;
  expect(sound).toMatchObject({ status: 'completed', discovery: { enqueued: SOUND } });
  expect(poisoned).toMatchObject({ status: 'completed', discovery: { enqueued: POISONED } });
  const results = await installation.results();
  expect(results).toHaveLength(SOUND);
  expect((await installation.world()).deadLetters).toHaveLength(POISONED);
  const tries = installation.csv().filter((row) => row.processing_status === 'failed_pre_inference');
  expect(tries).toHaveLength(POISONED * 3);
  await installation.close();
});

test('a date on a queue of its own ends while the poisoned one is still at it', async () => {
  const { installation, own, stillOpen } = apart;
  expect(own).toMatchObject({
    status: 'completed',
    outcomes: { completed: SOUND, failed_pre_inference: 0 },
  });
  expect(stillOpen).toBe(true);
  await installation.close();
});
