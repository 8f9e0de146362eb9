import type { Client } from '@temporalio/client';
import { WORKFLOW_TYPES } from '../pipelines/recordings/contract/names.js';
import { withDeadline } from './deadline.js';

/** Counts the batch workflows of a task queue that run: each lane of a dispatch runs one at a time. */
export async function countRunningBatches(client: Client, taskQueue: string): Promise<number> {
  const query = `WorkflowType="${WORKFLOW_TYPES.inference}" AND ExecutionStatus="Running" AND TaskQueue="${taskQueue}"`;
  const { count } = await withDeadline(client, () => client.workflow.count(query));
  return count;
}
