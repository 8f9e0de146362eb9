import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { BatchSummary } from '../../src/contract/workflow-results.js';
import { createRealTimeEnvironment, oneBatch, startBatch, withWorkers } from './workflow-environment.js';

describe('when nobody takes a task', () => {
  let environment: TestWorkflowEnvironment;
  const gone = oneBatch();
  const nobody = oneBatch();
  let hostGone: BatchSummary;
  let noWorker: BatchSummary;
  beforeAll(async () => {
    environment = await createRealTimeEnvironment();
    // Both schedule-to-start timeouts run out side by side.
    [hostGone, noWorker] = await Promise.all([
      withWorkers(
        environment,
        gone.night.taskQueue,
        {
          ...gone.activities,
          receiveBatch: () =>
            Promise.resolve({ host_task_queue: `dead-${randomUUID()}`, received: 40, malformed: 0 }),
        },
        async () => (await startBatch(environment, gone.night)).result(),
      ),
      withWorkers(
        environment,
        nobody.night.taskQueue,
        nobody.activities,
        async () => (await startBatch(environment, nobody.night)).result(),
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

  test('a batch for which there is no inference worker says so instead of waiting', () => {
    expect(noWorker).toMatchObject({ status: 'no_worker', received: 0 });
  });
});
