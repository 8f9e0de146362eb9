import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { InferenceSummary } from '../../../src/pipelines/recordings/contract/workflow-results.js';
import { projectRoot } from '../../../tools/stack/folders.js';
import { createRealTimeEnvironment } from '../workflow-environment.js';
import { oneBatch, startBatch, withWorkers } from './fake-run.js';

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

test('a stage that hangs until its time is over is not tried there again: its batch is given back', async () => {
  const environment = await createRealTimeEnvironment();
  const bundle = await bundleWorkflowCode({
    workflowsPath: join(projectRoot(), 'dist', 'workflows', 'index.js'),
    workflowInterceptorModules: [join(__dirname, 'short-upsert.cjs')],
  });
  const { promise: released, resolve: release } = withResolvers();
  const { fake, stages, activities } = oneBatch({
    upsertResults: async () => {
      await released;
      return { remaining: 0 };
    },
  });
  const summary = await withWorkers(
    environment,
    fake.taskQueue,
    activities,
    async () => {
      const result = await (await startBatch(environment, fake)).result();
      release();
      return result;
    },
    { bundle },
  );
  await environment.teardown();
  expect(summary).toMatchObject({ status: 'failed', received: 40, returned: 40 });
  expect(stages.filter((stage) => stage === 'upsertResults')).toHaveLength(1);
  expect(stages.at(-1)).toBe('releaseBatch');
}, 120_000);

describe('when nobody takes a task', () => {
  let environment: TestWorkflowEnvironment;
  const gone = oneBatch();
  const nobody = oneBatch();
  const { promise: askedAgain, resolve: askAgain } = withResolvers();
  let attempts = 0;
  const silent = oneBatch({
    downloadAudio: async () => {
      attempts++;
      if (attempts === 1) await askedAgain;
      else askAgain();
      return { remaining: 40 };
    },
  });
  let hostGone: InferenceSummary;
  let hostSilent: InferenceSummary;
  let noWorker: InferenceSummary;
  beforeAll(async () => {
    environment = await createRealTimeEnvironment();
    // The timeouts run out side by side.
    [hostGone, hostSilent, noWorker] = await Promise.all([
      withWorkers(
        environment,
        gone.fake.taskQueue,
        {
          ...gone.activities,
          receiveBatch: () =>
            Promise.resolve({ host_task_queue: `dead-${randomUUID()}`, received: 40, malformed: 0 }),
        },
        async () => (await startBatch(environment, gone.fake)).result(),
      ),
      withWorkers(environment, silent.fake.taskQueue, silent.activities, async () =>
        (await startBatch(environment, silent.fake)).result(),
      ),
      withWorkers(
        environment,
        nobody.fake.taskQueue,
        nobody.activities,
        async () => (await startBatch(environment, nobody.fake)).result(),
        {
          inference: false,
        },
      ),
    ]);
  }, 120_000);
  afterAll(() => environment.teardown());

  test('a host that is gone ends the batch as host_lost, and nothing is acknowledged', () => {
    expect(hostGone).toMatchObject({ status: 'host_lost', received: 40, returned: 40 });
    expect(hostGone.outcomes.completed).toBe(0);
    expect(gone.stages).not.toContain('acknowledge');
  });

  test('a host that fell silent but lives goes on with its batch', () => {
    expect(hostSilent).toMatchObject({ status: 'processed', outcomes: { completed: 40 } });
    expect(silent.stages.filter((stage) => stage === 'downloadAudio')).toHaveLength(2);
    expect(silent.stages.filter((stage) => stage === 'receiveBatch')).toHaveLength(1);
  });

  test('a batch for which there is no inference worker says so instead of waiting', () => {
    expect(noWorker).toMatchObject({ status: 'no_worker', received: 0 });
  });
});
