import { randomUUID } from 'node:crypto';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { DiscoverySummary } from '../../../src/pipelines/recordings/contract/workflow-results.js';
import type { discoveryWorkflow } from '../../../src/workflows/recordings/discovery.js';
import { createWorkflowEnvironment } from '../workflow-environment.js';
import { FakeRun, withWorkers, type FakeActivities } from './fake-run.js';

export let environment: TestWorkflowEnvironment;

export async function openEnvironment(): Promise<void> {
  environment = await createWorkflowEnvironment();
}

export const closeEnvironment = (): Promise<void> => environment.teardown();

export type Handle = WorkflowHandleWithFirstExecutionRunId<typeof discoveryWorkflow>;

function start(taskQueue: string): Promise<Handle> {
  return environment.client.workflow.start<typeof discoveryWorkflow>('discoveryWorkflow', {
    taskQueue,
    workflowId: `discovery:${randomUUID()}`,
    args: [{ test_date: '2025-12-20' }],
  });
}

/** @param during what happens while the run goes on */
export async function runDiscovery(
  fake: FakeRun,
  changes: Partial<FakeActivities> = {},
  during: (handle: Handle) => Promise<void> = () => Promise.resolve(),
): Promise<DiscoverySummary> {
  const { taskQueue } = fake;
  return withWorkers(environment, taskQueue, fake.activities(changes), async () => {
    const handle = await start(taskQueue);
    await during(handle);
    return handle.result();
  });
}
