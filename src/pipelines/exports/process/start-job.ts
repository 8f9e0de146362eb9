import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { withDeadline } from '../../../temporal/deadline.js';
import { onTemporal } from '../../../temporal/on-temporal.js';
import type { TemporalAccess } from '../../pipeline.js';
import { jobWorkflowId } from '../contract/job-ref.js';
import { WORKFLOW_TYPES } from '../contract/names.js';
import type { ExportJobInput } from '../contract/workflow-inputs.js';

/** @returns `known` where the job runs, or has ended in a way that the request does not change */
export type StartJob = (input: ExportJobInput & { source: string }) => Promise<'started' | 'known'>;

/**
 * Starts a job's workflow durably, once. A job that failed is tried again; one that ended otherwise only by force.
 *
 * @throws DependencyUnavailable when Temporal does not answer
 */
export function createStartJob({
  client,
  taskQueue,
}: Pick<TemporalAccess, 'client' | 'taskQueue'>): StartJob {
  return async (input) => {
    try {
      await onTemporal('start an export job', () =>
        withDeadline(client, () =>
          client.workflow.start(WORKFLOW_TYPES.job, {
            workflowId: jobWorkflowId(input),
            taskQueue,
            workflowIdReusePolicy: input.force === true ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
            workflowIdConflictPolicy: 'FAIL',
            args: [input],
          }),
        ),
      );
      return 'started';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'known';
      throw error;
    }
  };
}
