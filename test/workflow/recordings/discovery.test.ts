import { randomUUID } from 'node:crypto';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { noOutcomes } from '../../../src/pipelines/recordings/contract/outcome.js';
import type { DiscoverySummary } from '../../../src/pipelines/recordings/contract/workflow-results.js';
import type { discoveryWorkflow } from '../../../src/workflows/recordings/discovery.js';
import {
  FakeNight,
  createWorkflowEnvironment,
  discoveryPlan,
  rowWatermark,
  withWorkers,
  type FakeActivities,
} from '../workflow-environment.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createWorkflowEnvironment();
});
afterAll(() => environment.teardown());

type Handle = WorkflowHandleWithFirstExecutionRunId<typeof discoveryWorkflow>;

function start(taskQueue: string): Promise<Handle> {
  return environment.client.workflow.start<typeof discoveryWorkflow>('discoveryWorkflow', {
    taskQueue,
    workflowId: `discovery:${randomUUID()}`,
    args: [{ test_date: '2025-12-20' }],
  });
}

async function runNight(
  night: FakeNight,
  changes: Partial<FakeActivities> = {},
  during: (handle: Handle) => Promise<void> = () => Promise.resolve(),
): Promise<DiscoverySummary> {
  const { taskQueue } = night;
  return withWorkers(environment, taskQueue, night.activities(changes), async () => {
    const handle = await start(taskQueue);
    await during(handle);
    return handle.result();
  });
}

test('a run of 250 records with pages of 100 reads pages of 100, 100 and 50', async () => {
  const plan = discoveryPlan();
  plan.limits.max_records = 250;
  const night = new FakeNight(1000, plan);
  const summary = await runNight(night);
  expect(night.pages.map(({ limit }) => limit)).toEqual([100, 100, 50]);
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 250, pages: 3 } });
  expect(summary.outcomes.completed).toBe(250);
});

test('a backfill reads every row once, moves the watermark to the last, and mirrors each page', async () => {
  const night = new FakeNight(230);
  const summary = await runNight(night);
  expect(night.pages.map(({ after }) => after)).toEqual([0, 100, 200]);
  expect(summary.watermark).toEqual(rowWatermark(229));
  expect(night.saved.map(({ watermark }) => watermark?.last_processed_doc_id)).toEqual([
    '99',
    '199',
    '229',
    '229',
  ]);
  expect(night.saved.map(({ starts_anew }) => starts_anew)).toEqual([true, false, false, false]);
  expect(night.saved.at(-1)).toMatchObject({ status: 'completed', finished: true });
});

test('an incremental run sleeps when nothing is new, looks back, and ends at max_records', async () => {
  const plan = discoveryPlan({ mode: 'incremental', watermark: rowWatermark(9) });
  plan.limits.max_records = 15;
  const night = new FakeNight(20, plan);
  let looks = 0;
  const summary = await runNight(night, {
    discoverLate: () => {
      looks++;
      // Two rows turn up behind the watermark at the second poll, three more at the third.
      const enqueued = [0, 2, 3][looks - 1] ?? 0;
      night.waiting += enqueued;
      return Promise.resolve({ enqueued });
    },
  });
  expect(night.pages[0]).toEqual({ after: 10, limit: 15 });
  expect(looks).toBe(3);
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 15, late: 5 } });
});

test('a paused run starts nothing until it is resumed', async () => {
  const night = new FakeNight(50);
  const summary = await runNight(night, {}, async (handle) => {
    await handle.signal('pause');
    await environment.sleep('1 hour');
    const before = await handle.query<DiscoverySummary>('status');
    expect(before.status).toBe('paused');
    const seen = { pages: night.pages.length, batches: night.received.length };
    await environment.sleep('1 hour');
    expect({ pages: night.pages.length, batches: night.received.length }).toEqual(seen);
    await handle.signal('resume');
  });
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 50 } });
});

test('a drained run finishes what runs, leaves the rest in the queue, and ends as stopped', async () => {
  const plan = discoveryPlan({ mode: 'incremental' });
  const night = new FakeNight(100, plan);
  night.inferenceWorkers = 0;
  const summary = await runNight(night, {}, async (handle) => {
    await environment.sleep('5 minutes');
    await handle.signal('drain');
  });
  expect(summary.status).toBe('stopped');
  expect(night.waiting).toBe(100);
  expect(night.saved.at(-1)).toMatchObject({ status: 'stopped', finished: true });
});

test('a run continues as new with work in flight and loses no count', async () => {
  const plan = discoveryPlan({ history_event_limit: 60 });
  plan.limits.discovery_batch_size = 20;
  plan.limits.batch_size = 10;
  const night = new FakeNight(400, plan);
  let handle: Handle | undefined;
  const summary = await runNight(night, {}, (started) => {
    handle = started;
    return Promise.resolve();
  });
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 400, pages: 20 } });
  expect(summary.outcomes.completed).toBe(400);
  expect(summary.failures).toEqual({ AudioNotFound: summary.batches });
  expect(night.pages.map(({ after }) => after)).toEqual(Array.from({ length: 20 }, (_, page) => page * 20));
  const last = await environment.client.workflow.getHandle(handle!.workflowId).describe();
  expect(last.runId).not.toBe(handle!.firstExecutionRunId);
});

/** @returns the most batches that were under way at one time */
async function mostLanes(night: FakeNight): Promise<number> {
  let open = 0;
  let most = 0;
  const outcomes = { ...noOutcomes(), completed: 10 };
  await runNight(night, {
    screenBatch: () => {
      open++;
      most = Math.max(most, open);
      return Promise.resolve({ remaining: 1 });
    },
    acknowledge: async () => {
      // Long enough for every lane to be on its way.
      await new Promise((resolve) => setTimeout(resolve, 30));
      open--;
      return { outcomes, returned: 0 };
    },
  });
  return most;
}

test.each([
  ['three processes that do not say how much they take', 2, 3, undefined, 6],
  ['three processes that take two each, and one that takes five', null, 4, 11, 11],
  ['processes whose places are not known, without a limit of the run', null, 3, undefined, 3],
])('lanes follow the backlog and %s', async (_who, limit, workers, places, lanes) => {
  const plan = discoveryPlan();
  plan.limits.max_concurrency = limit;
  plan.limits.batch_size = 10;
  const night = new FakeNight(400, plan);
  night.inferenceWorkers = workers;
  night.places = places;
  const most = await mostLanes(night);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(lanes);
  if (lanes > 6) expect(most).toBeGreaterThan(6);
});

test('limits are changed while the run goes on, and a wrong change is refused with a readable message', async () => {
  const plan = discoveryPlan({ mode: 'incremental' });
  const night = new FakeNight(0, plan);
  const summary = await runNight(night, {}, async (handle) => {
    await expect(
      handle.executeUpdate('set_limits', { args: [{ max_concurrency: 0, speed: 9 }] }),
    ).rejects.toMatchObject({
      cause: {
        message:
          'max_concurrency is 0; expected a whole number from 1 to 64; unknown limit speed; expected any of max_concurrency, max_records, discovery_batch_size, batch_size, poll_interval_seconds',
      },
    });
    const limits = await handle.executeUpdate('set_limits', { args: [{ max_concurrency: 9 }] });
    expect(limits).toMatchObject({ max_concurrency: 9, batch_size: 100 });
    await handle.signal('drain');
  });
  expect(summary.limits.max_concurrency).toBe(9);
});

test('a bound on records that is lifted after it was reached lets the run go on', async () => {
  const plan = discoveryPlan();
  plan.limits.max_records = 100;
  const night = new FakeNight(300, plan);
  night.inferenceWorkers = 0;
  const summary = await runNight(night, {}, async (handle) => {
    await environment.sleep('10 minutes');
    expect(night.pages).toHaveLength(1);
    await handle.executeUpdate('set_limits', { args: [{ max_records: null, discovery_batch_size: 200 }] });
    night.inferenceWorkers = 1;
  });
  expect(night.pages.map(({ limit }) => limit)).toEqual([100, 200]);
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 300 } });
  expect(summary.outcomes.completed).toBe(300);
});

test('a poll interval that changes during a sleep acts in that sleep', async () => {
  const plan = discoveryPlan({ mode: 'incremental' });
  plan.limits.poll_interval_seconds = 86_400;
  const night = new FakeNight(10, plan);
  await runNight(night, {}, async (handle) => {
    await environment.sleep('1 hour');
    expect(night.pages).toHaveLength(1);
    await handle.executeUpdate('set_limits', { args: [{ poll_interval_seconds: 3700 }] });
    await environment.sleep('2 minutes');
    expect(night.pages).toHaveLength(2);
    await handle.signal('drain');
  });
});

test('a bound that is set at what was sent ends a sleeping run', async () => {
  const plan = discoveryPlan({ mode: 'incremental' });
  plan.limits.poll_interval_seconds = 86_400;
  const night = new FakeNight(10, plan);
  const summary = await runNight(night, {}, async (handle) => {
    await environment.sleep('1 hour');
    await handle.executeUpdate('set_limits', { args: [{ max_records: 10 }] });
  });
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 10 } });
  expect(Date.parse(summary.updated_at) - Date.parse(summary.started_at)).toBeLessThan(3 * 3600 * 1000);
});

test('limits of a paused run act when it is resumed', async () => {
  const plan = discoveryPlan();
  plan.limits.batch_size = 100;
  const night = new FakeNight(60, plan);
  const summary = await runNight(night, {}, async (handle) => {
    await handle.signal('pause');
    await handle.executeUpdate('set_limits', { args: [{ batch_size: 20, discovery_batch_size: 30 }] });
    await handle.signal('resume');
  });
  expect(Math.max(...night.received)).toBeLessThanOrEqual(20);
  expect(summary.limits).toMatchObject({ batch_size: 20, discovery_batch_size: 30 });
});

test('a limit that would have no effect is refused with the reason', async () => {
  const night = new FakeNight(100);
  const reliable = night.activities();
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let screening = (): void => undefined;
  const screened = new Promise<void>((resolve) => (screening = resolve));
  const refused = async (handle: Handle, changes: object, why: string): Promise<void> => {
    await expect(handle.executeUpdate('set_limits', { args: [changes] })).rejects.toMatchObject({
      cause: { message: expect.stringContaining(why) as string },
    });
  };
  const withHeldBatch: Partial<FakeActivities> = {
    screenBatch: async (batch) => {
      screening();
      await held;
      return reliable.screenBatch(batch);
    },
  };
  await runNight(night, withHeldBatch, async (handle) => {
    await screened;
    await refused(handle, { poll_interval_seconds: 5 }, 'has no effect on a backfill run');
    await handle.signal('drain');
    await refused(handle, { max_concurrency: 2 }, 'This run drains');
    letGo();
  });
});

test('a page that fails is tried until it succeeds, and the watermark waits for it', async () => {
  const night = new FakeNight(100);
  const reliable = night.activities();
  let attempts = 0;
  const summary = await runNight(night, {
    discoverPage: (input) => {
      attempts++;
      if (attempts < 4) return Promise.reject(new Error('the source is down'));
      return reliable.discoverPage(input);
    },
  });
  expect(attempts).toBe(4);
  expect(night.saved[0]?.watermark).toEqual(rowWatermark(99));
  expect(summary.status).toBe('completed');
});

test('a run ends with how its recordings differ from the training', async () => {
  const drift = {
    ...{ model_name: 'm', model_version: '1', recordings: 100, not_comparable: 0, features: 109 },
    scored_by: [{ model_name: 'm', model_version: '1', recordings: 100 }],
    ...{ drifted: 0, most_drifted: [] },
  };
  const asked: unknown[] = [];
  const night = new FakeNight(100);
  const summary = await runNight(night, {
    measureDrift: (input) => {
      asked.push({ input, outcomes: night.waiting });
      return Promise.resolve(drift);
    },
  });
  expect(summary.drift).toEqual(drift);
  expect(asked).toEqual([
    { input: { source_collection: 'student_assessment_record', test_date: '2025-12-20' }, outcomes: 0 },
  ]);
});

test('a run whose drift cannot be measured is completed all the same, and says why', async () => {
  const summary = await runNight(new FakeNight(100), {
    measureDrift: () => Promise.reject(new Error('model manifest cannot be read')),
  });
  expect(summary).toMatchObject({
    status: 'completed',
    drift: { unavailable: 'model manifest cannot be read' },
  });
});
