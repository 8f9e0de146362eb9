import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { NoSuchRun } from '../../../temporal/runs/run-errors.js';
import { withDeadline } from '../../../temporal/deadline.js';
import { onTemporal } from '../../../temporal/on-temporal.js';
import { EXPORT_HANDLERS } from '../contract/claim.js';
import { jobWorkflowId, type JobRef } from '../contract/job-ref.js';

/** Asks a running job to end as cancelled. @returns its workflow id. @throws NoSuchRun, DependencyUnavailable */
export async function cancelJob(client: Client, job: JobRef): Promise<string> {
  const workflowId = jobWorkflowId(job);
  try {
    await onTemporal('cancel a job', () =>
      withDeadline(client, () => client.workflow.getHandle(workflowId).signal(EXPORT_HANDLERS.cancel)),
    );
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new NoSuchRun(`${workflowId} does not run.`, { cause: error });
  }
  return workflowId;
}
