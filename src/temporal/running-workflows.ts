import type { Client } from '@temporalio/client';
import { withDeadline } from './deadline.js';

/** Counts the workflows of a type and a task queue that run: of a dispatch's lanes, each runs one at a time. */
export async function countRunningWorkflows(
  client: Client,
  workflowType: string,
  taskQueue: string,
): Promise<number> {
  const query = `WorkflowType="${workflowType}" AND ExecutionStatus="Running" AND TaskQueue="${taskQueue}"`;
  const { count } = await withDeadline(client, () => client.workflow.count(query));
  return count;
}
