import { randomUUID } from 'node:crypto';
import { ApplicationFailure, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { DiscoverySummary } from '../../../src/pipelines/recordings/contract/workflow-results.js';
import type { discoveryWorkflow } from '../../../src/workflows/recordings/discovery.js';
import { createRealTimeEnvironment } from '../workflow-environment.js';
import { FakeRun, discoveryPlan, withWorkers } from './fake-run.js';
import { long, nested, manyFields, expectReadable } from '../shared/hostile-values.js';

/** The server's own limits on payloads are part of what is tried, which the time-skipping server lacks. */
let environment: TestWorkflowEnvironment;
// Some dozens of runs and megabytes a test, on whatever machine.
jest.setTimeout(240_000);
beforeAll(async () => {
  environment = await createRealTimeEnvironment();
});
afterAll(() => environment.teardown());

/** A run that waits for more, with a short history so that it continues as new after a few messages. */
async function withRunningDiscovery(
  work: (handle: WorkflowHandle) => Promise<void>,
): Promise<DiscoverySummary> {
  const fake = new FakeRun(0, discoveryPlan({ mode: 'incremental', history_event_limit: 50 }));
  return withWorkers(environment, fake.taskQueue, fake.activities(), async () => {
    const workflowId = randomUUID();
    await environment.client.workflow.start<typeof discoveryWorkflow>('discoveryWorkflow', {
      taskQueue: fake.taskQueue,
      workflowId,
      args: [{ test_date: '2025-12-20' }],
    });
    // Without a run id: the run that is open now.
    const handle = environment.client.workflow.getHandle(workflowId);
    // An update waits until the run is prepared; a query does not.
    await handle.executeUpdate('set_limits', { args: [{ batch_size: 100 }] });
    await work(handle);
    await handle.signal('drain');
    return (await handle.result()) as DiscoverySummary;
  });
}

it('refuses hostile limits with a readable sentence and goes on', async () => {
  const hostile: unknown[][] = [
    [],
    [null],
    [long],
    [Array.from({ length: 100_000 }, () => 0)],
    [nested(100_000)],
    [{ max_records: long.slice(0, 900_000) }],
    [{ max_records: '\u001B[2J\u202E' }],
    [{ max_records: Array.from({ length: 100_000 }, () => 0) }],
    [nested(100_000, (json) => `{"batch_size":${json}}`)],
    [{ batch_size: Number.NaN }],
    [manyFields],
    [{ [long]: 1 }],
    [JSON.parse('{"__proto__":{"max_records":1}}')],
    [{ constructor: 1, toString: 2 }],
  ];
  const result = await withRunningDiscovery(async (handle) => {
    for (const args of hostile) {
      const error: unknown = await handle
        .executeUpdate('set_limits', { args: args as [unknown] })
        .catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(Error);
      const { cause } = error as Error;
      expect(cause).toBeInstanceOf(ApplicationFailure);
      expectReadable((cause as Error).message);
    }
    await expect(handle.executeUpdate('set_limits', { args: [{ batch_size: 7 }] })).resolves.toMatchObject({
      batch_size: 7,
    });
  });
  expect(result).toMatchObject({ status: 'stopped', limits: { batch_size: 7, max_records: null } });
});

it('keeps nothing of what comes with a signal or a query', async () => {
  const result = await withRunningDiscovery(async (handle) => {
    for (let round = 0; round < 4; round += 1) {
      for (const args of [[long], [nested(100_000)], [manyFields, long.slice(0, 1000)]]) {
        await handle.signal('pause', ...args);
        await handle.signal('resume', ...args);
        await expect(handle.query('status', ...args)).resolves.toMatchObject({ test_date: '2025-12-20' });
      }
    }
    const { runId } = await handle.describe();
    const { events } = await environment.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(started?.continuedExecutionRunId).not.toBe('');
    const carried = (started?.input?.payloads ?? []).reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
    expect(carried).toBeLessThan(10_000);
  });
  expect(result).toMatchObject({ status: 'stopped' });
});
