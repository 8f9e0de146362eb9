import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { withDeadline } from '../../../temporal/deadline.js';
import { onTemporal } from '../../../temporal/on-temporal.js';

/** How workflows were brought to their end. */
export interface StoppedWorkflows {
  /** By themselves, after they were asked. */
  cancelled: number;
  /** The others: no worker was there to end them, or one that hangs. */
  terminated: number;
}

export interface StopOptions {
  /** How long they may take to end by themselves. */
  waitMs: number;
}

/**
 * Asks workflows to end and waits for them, so that none of their activities is under way any more; ends by force those
 * that do not. Workflows that do not run are passed over.
 *
 * @throws DependencyUnavailable when Temporal does not answer
 */
export async function stopWorkflows(
  client: Client,
  workflowIds: readonly string[],
  { waitMs }: StopOptions,
): Promise<StoppedWorkflows> {
  const stopped: StoppedWorkflows = { cancelled: 0, terminated: 0 };
  const stop = async (workflowId: string): Promise<void> => {
    const handle = client.workflow.getHandle(workflowId);
    const call = <T>(operation: string, run: () => Promise<T>): Promise<T> =>
      onTemporal(operation, () => withDeadline(client, run));
    const runs = async (): Promise<boolean> =>
      (await call('describe a workflow', () => handle.describe())).status.name === 'RUNNING';
    try {
      // Temporal also takes a request to cancel what ended long ago.
      if (!(await runs())) return;
      await call('cancel a workflow', () => handle.cancel());
      await withDeadline(client, () => handle.result(), waitMs).catch(() => undefined);
      if (!(await runs())) {
        stopped.cancelled += 1;
        return;
      }
      await call('terminate a workflow', () => handle.terminate('Its interview is erased.'));
      stopped.terminated += 1;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };
  // An interview has a few jobs.
  await Promise.all(workflowIds.map(stop));
  return stopped;
}
