import { noOutcomes } from '../../../src/pipelines/recordings/contract/outcome.js';
import { FakeRun, discoveryPlan, type FakeActivities } from './fake-run.js';
import {
  environment,
  openEnvironment,
  closeEnvironment,
  type Handle,
  runDiscovery,
} from './run-discovery.js';

beforeAll(openEnvironment);
afterAll(closeEnvironment);

/** @returns the most batches that were under way at one time */
async function mostLanes(fake: FakeRun): Promise<number> {
  let open = 0;
  let most = 0;
  const outcomes = { ...noOutcomes(), completed: 10 };
  await runDiscovery(fake, {
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
  const fake = new FakeRun(400, plan);
  fake.inferenceWorkers = workers;
  fake.places = places;
  const most = await mostLanes(fake);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(lanes);
  if (lanes > 6) expect(most).toBeGreaterThan(6);
});

test('limits are changed while the run goes on, and a wrong change is refused with a readable message', async () => {
  const plan = discoveryPlan({ mode: 'incremental' });
  const fake = new FakeRun(0, plan);
  const summary = await runDiscovery(fake, {}, async (handle) => {
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
  const fake = new FakeRun(300, plan);
  fake.inferenceWorkers = 0;
  const summary = await runDiscovery(fake, {}, async (handle) => {
    await environment.sleep('10 minutes');
    expect(fake.pages).toHaveLength(1);
    await handle.executeUpdate('set_limits', { args: [{ max_records: null, discovery_batch_size: 200 }] });
    fake.inferenceWorkers = 1;
  });
  expect(fake.pages.map(({ limit }) => limit)).toEqual([100, 200]);
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 300 } });
  expect(summary.outcomes.completed).toBe(300);
});

test('a poll interval that changes during a sleep acts in that sleep', async () => {
  const plan = discoveryPlan({ mode: 'incremental' });
  plan.limits.poll_interval_seconds = 86_400;
  const fake = new FakeRun(10, plan);
  await runDiscovery(fake, {}, async (handle) => {
    await environment.sleep('1 hour');
    expect(fake.pages).toHaveLength(1);
    await handle.executeUpdate('set_limits', { args: [{ poll_interval_seconds: 3700 }] });
    await environment.sleep('2 minutes');
    expect(fake.pages).toHaveLength(2);
    await handle.signal('drain');
  });
});

test('a bound that is set at what was sent ends a sleeping run', async () => {
  const plan = discoveryPlan({ mode: 'incremental' });
  plan.limits.poll_interval_seconds = 86_400;
  const fake = new FakeRun(10, plan);
  const summary = await runDiscovery(fake, {}, async (handle) => {
    await environment.sleep('1 hour');
    await handle.executeUpdate('set_limits', { args: [{ max_records: 10 }] });
  });
  expect(summary).toMatchObject({ status: 'completed', discovery: { enqueued: 10 } });
  expect(Date.parse(summary.updated_at) - Date.parse(summary.started_at)).toBeLessThan(3 * 3600 * 1000);
});

test('limits of a paused run act when it is resumed', async () => {
  const plan = discoveryPlan();
  plan.limits.batch_size = 100;
  const fake = new FakeRun(60, plan);
  const summary = await runDiscovery(fake, {}, async (handle) => {
    await handle.signal('pause');
    await handle.executeUpdate('set_limits', { args: [{ batch_size: 20, discovery_batch_size: 30 }] });
    await handle.signal('resume');
  });
  expect(Math.max(...fake.received)).toBeLessThanOrEqual(20);
  expect(summary.limits).toMatchObject({ batch_size: 20, discovery_batch_size: 30 });
});

test('a limit that would have no effect is refused with the reason', async () => {
  const fake = new FakeRun(100);
  const reliable = fake.activities();
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
  await runDiscovery(fake, withHeldBatch, async (handle) => {
    await screened;
    await refused(handle, { poll_interval_seconds: 5 }, 'has no effect on a backfill run');
    await handle.signal('drain');
    await refused(handle, { max_concurrency: 2 }, 'This run drains');
    letGo();
  });
});
