import type { Client } from '@temporalio/client';
import { withDeadline } from './deadline.js';

/**
 * Counts the workflows of a type and a task queue that run: of a dispatch's lanes, each runs one at a time.
 *
 * @param also a condition of Temporal's list filter
 */
export async function countRunningWorkflows(
  client: Client,
  workflowType: string,
  taskQueue: string,
  also?: string,
): Promise<number> {
  const running = `WorkflowType="${workflowType}" AND ExecutionStatus="Running" AND TaskQueue="${taskQueue}"`;
  const query = also === undefined ? running : `${running} AND ${also}`;
  const { count } = await withDeadline(client, () => client.workflow.count(query));
  return count;
}
