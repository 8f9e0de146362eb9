import type { DiscoverySummary } from '../../../src/pipelines/recordings/contract/workflow-results.js';
import { FakeRun, discoveryPlan, rowWatermark } from './fake-run.js';
import {
  environment,
  openEnvironment,
  closeEnvironment,
  type Handle,
  runDiscovery,
} from './run-discovery.js';

beforeAll(openEnvironment);
afterAll(closeEnvironment);

test('a run of 250 records with pages of 100 reads pages of 100, 100 and 50', async () => {
  const plan = discoveryPlan();
  plan.limits.max_records = 250;
  const fake = new FakeRun(1000, plan);
  const summary = await runDiscovery(fake);
  expect(fake.pages.map(({ limit }) => limit)).toEqual([100, 100, 50]);
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 250, pages: 3 } });
  expect(summary.outcomes.completed).toBe(250);
});

test('a backfill reads every row once, moves the watermark to the last, and mirrors each page', async () => {
  const fake = new FakeRun(230);
  const summary = await runDiscovery(fake);
  expect(fake.pages.map(({ after }) => after)).toEqual([0, 100, 200]);
  expect(summary.watermark).toEqual(rowWatermark(229));
  expect(fake.saved.map(({ watermark }) => watermark?.last_processed_doc_id)).toEqual([
    '99',
    '199',
    '229',
    '229',
  ]);
  expect(fake.saved.map(({ starts_anew }) => starts_anew)).toEqual([true, false, false, false]);
  expect(fake.saved.at(-1)).toMatchObject({ status: 'completed', finished: true });
});

test('an incremental run sleeps when nothing is new, looks back, and ends at max_records', async () => {
  const plan = discoveryPlan({ mode: 'incremental', watermark: rowWatermark(9) });
  plan.limits.max_records = 15;
  const fake = new FakeRun(20, plan);
  let looks = 0;
  const summary = await runDiscovery(fake, {
    discoverLate: () => {
      looks++;
      // Two rows turn up behind the watermark at the second poll, three more at the third.
      const enqueued = [0, 2, 3][looks - 1] ?? 0;
      fake.waiting += enqueued;
      return Promise.resolve({ enqueued });
    },
  });
  expect(fake.pages[0]).toEqual({ after: 10, limit: 15 });
  expect(looks).toBe(3);
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 15, late: 5 } });
});

test('a paused run starts nothing until it is resumed', async () => {
  const fake = new FakeRun(50);
  const summary = await runDiscovery(fake, {}, async (handle) => {
    await handle.signal('pause');
    await environment.sleep('1 hour');
    const before = await handle.query<DiscoverySummary>('status');
    expect(before.status).toBe('paused');
    const seen = { pages: fake.pages.length, batches: fake.received.length };
    await environment.sleep('1 hour');
    expect({ pages: fake.pages.length, batches: fake.received.length }).toEqual(seen);
    await handle.signal('resume');
  });
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 50 } });
});

test('a drained run finishes what runs, leaves the rest in the queue, and ends as stopped', async () => {
  const plan = discoveryPlan({ mode: 'incremental' });
  const fake = new FakeRun(100, plan);
  fake.inferenceWorkers = 0;
  const summary = await runDiscovery(fake, {}, async (handle) => {
    await environment.sleep('5 minutes');
    await handle.signal('drain');
  });
  expect(summary.status).toBe('stopped');
  expect(fake.waiting).toBe(100);
  expect(fake.saved.at(-1)).toMatchObject({ status: 'stopped', finished: true });
});

test('a run continues as new with work in flight and loses no count', async () => {
  const plan = discoveryPlan({ history_event_limit: 60 });
  plan.limits.discovery_batch_size = 20;
  plan.limits.batch_size = 10;
  const fake = new FakeRun(400, plan);
  let handle: Handle | undefined;
  const summary = await runDiscovery(fake, {}, (started) => {
    handle = started;
    return Promise.resolve();
  });
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 400, pages: 20 } });
  expect(summary.outcomes.completed).toBe(400);
  expect(summary.failures).toEqual({ AudioNotFound: summary.batches });
  expect(fake.pages.map(({ after }) => after)).toEqual(Array.from({ length: 20 }, (_, page) => page * 20));
  const last = await environment.client.workflow.getHandle(handle!.workflowId).describe();
  expect(last.runId).not.toBe(handle!.firstExecutionRunId);
});

test('a page that fails is tried until it succeeds, and the watermark waits for it', async () => {
  const fake = new FakeRun(100);
  const reliable = fake.activities();
  let attempts = 0;
  const summary = await runDiscovery(fake, {
    discoverPage: (input) => {
      attempts++;
      if (attempts < 4) return Promise.reject(new Error('the source is down'));
      return reliable.discoverPage(input);
    },
  });
  expect(attempts).toBe(4);
  expect(fake.saved[0]?.watermark).toEqual(rowWatermark(99));
  expect(summary.status).toBe('completed');
});

test('a run ends with how its recordings differ from the training', async () => {
  const drift = {
    ...{ model_name: 'm', model_version: '1', recordings: 100, not_comparable: 0, features: 109 },
    scored_by: [{ model_name: 'm', model_version: '1', recordings: 100 }],
    ...{ drifted: 0, most_drifted: [] },
  };
  const asked: unknown[] = [];
  const fake = new FakeRun(100);
  const summary = await runDiscovery(fake, {
    measureDrift: (input) => {
      asked.push({ input, outcomes: fake.waiting });
      return Promise.resolve(drift);
    },
  });
  expect(summary.drift).toEqual(drift);
  expect(asked).toEqual([
    { input: { source_collection: 'student_assessment_record', test_date: '2025-12-20' }, outcomes: 0 },
  ]);
});

test('a run whose drift cannot be measured is completed all the same, and says why', async () => {
  const summary = await runDiscovery(new FakeRun(100), {
    measureDrift: () => Promise.reject(new Error('model manifest cannot be read')),
  });
  expect(summary).toMatchObject({
    status: 'completed',
    drift: { unavailable: 'model manifest cannot be read' },
  });
});
