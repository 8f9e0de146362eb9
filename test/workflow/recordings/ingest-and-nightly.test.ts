import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { FAILURES } from '../../../src/contract/failures.js';
import type { ingestWorkflow } from '../../../src/workflows/recordings/ingest.js';
import type { nightlyWorkflow } from '../../../src/workflows/recordings/nightly.js';
import { createWorkflowEnvironment } from '../workflow-environment.js';
import { FakeRun, discoveryPlan, withWorkers } from './fake-run.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createWorkflowEnvironment();
});
afterAll(() => environment.teardown());

test('an ingest empties a queue that others fill and reports what became of it', async () => {
  const fake = new FakeRun(0);
  fake.waiting = 350;
  const summary = await withWorkers(environment, fake.taskQueue, fake.activities(), () =>
    environment.client.workflow.execute<typeof ingestWorkflow>('ingestWorkflow', {
      taskQueue: fake.taskQueue,
      workflowId: `ingest:${randomUUID()}`,
      args: [{ until_empty: true }],
    }),
  );
  expect(summary).toMatchObject({ status: 'completed', received: 350, outcomes: { completed: 350 } });
  expect(fake.waiting).toBe(0);
});

test('a lost host does not hold its lane up: the live workers are asked for the next batch at once', async () => {
  const fake = new FakeRun(0);
  fake.waiting = 300;
  const calls: string[] = [];
  const reliable = fake.activities();
  const summary = await withWorkers(
    environment,
    fake.taskQueue,
    {
      ...reliable,
      prepareIngest: async (input) => ({ ...(await reliable.prepareIngest(input)), max_concurrency: 1 }),
      measureBacklog: (...args) => {
        calls.push('measure');
        return reliable.measureBacklog(...args);
      },
      receiveBatch: (...args) => {
        calls.push('receive');
        return reliable.receiveBatch(...args);
      },
      screenBatch: (batch) =>
        calls.filter((call) => call === 'receive').length === 1
          ? Promise.reject(ApplicationFailure.nonRetryable('not held', FAILURES.batchGone))
          : reliable.screenBatch(batch),
    },
    () =>
      environment.client.workflow.execute<typeof ingestWorkflow>('ingestWorkflow', {
        taskQueue: fake.taskQueue,
        workflowId: `ingest:${randomUUID()}`,
        args: [{ until_empty: true }],
      }),
  );
  expect(summary).toMatchObject({ hosts_lost: 1, batches: 3, outcomes: { completed: 200 } });
  // A lane that ended would start again with the next measurement only.
  expect(calls.slice(0, 3)).toEqual(['measure', 'receive', 'receive']);
});

test('an ingest that failed batches hold up is not hammered: the pauses between them grow', async () => {
  const fake = new FakeRun(0);
  fake.waiting = 10;
  const startedAtSeconds: number[] = [];
  let failures = 0;
  const reliable = fake.activities();
  await withWorkers(
    environment,
    fake.taskQueue,
    {
      ...reliable,
      receiveBatch: async (...args) => {
        startedAtSeconds.push(Math.round((await environment.currentTimeMs()) / 1000));
        return reliable.receiveBatch(...args);
      },
      runInference: (batch) =>
        ++failures > 5
          ? reliable.runInference(batch)
          : Promise.reject(ApplicationFailure.nonRetryable('the model is broken', 'ModelInvalid')),
      releaseBatch: () => {
        fake.waiting = 10;
        return Promise.resolve();
      },
    },
    () =>
      environment.client.workflow.execute<typeof ingestWorkflow>('ingestWorkflow', {
        taskQueue: fake.taskQueue,
        workflowId: `ingest:${randomUUID()}`,
        args: [{ until_empty: true }],
      }),
  );
  const pauses = startedAtSeconds.slice(1).map((at, index) => at - startedAtSeconds[index]!);
  expect(pauses).toHaveLength(5);
  expect(pauses.at(-1)!).toBeGreaterThanOrEqual(4 * pauses[0]!);
});

describe('a nightly run', () => {
  const nightlyRun = (id: string): FakeRun => {
    const fake = new FakeRun(0, discoveryPlan({ mode: 'incremental' }));
    const base = fake.activities.bind(fake);
    fake.activities = (changes) =>
      base({
        prepareNight: (_input, scheduled) =>
          Promise.resolve({ workflow_id: id, input: { test_date: scheduled.slice(0, 10) } }),
        ...changes,
      });
    return fake;
  };
  const runNightly = (taskQueue: string): Promise<Awaited<ReturnType<typeof nightlyWorkflow>>> =>
    environment.client.workflow.execute<typeof nightlyWorkflow>('nightlyWorkflow', {
      taskQueue,
      workflowId: `nightly:${randomUUID()}`,
      args: [{}],
    });

  test('starts the discovery of its date under the fixed id, and leaves it running', async () => {
    const id = `discovery:${randomUUID()}`;
    const fake = nightlyRun(id);
    await withWorkers(environment, fake.taskQueue, fake.activities(), async () => {
      const summary = await runNightly(fake.taskQueue);
      expect(summary).toMatchObject({ workflow_id: id, started: true });
      expect(summary.test_date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      const discovery = environment.client.workflow.getHandle(id);
      expect((await discovery.describe()).status.name).toBe('RUNNING');
      await discovery.signal('drain');
      await discovery.result();
    });
  });

  test('is content when the discovery of its date is running already', async () => {
    const id = `discovery:${randomUUID()}`;
    const fake = nightlyRun(id);
    await withWorkers(environment, fake.taskQueue, fake.activities(), async () => {
      await runNightly(fake.taskQueue);
      expect(await runNightly(fake.taskQueue)).toMatchObject({ workflow_id: id, started: false });
      const discovery = environment.client.workflow.getHandle(id);
      await discovery.signal('drain');
      await discovery.result();
    });
  });
});
