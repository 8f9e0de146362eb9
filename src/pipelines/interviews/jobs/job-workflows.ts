import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { withDeadline } from '../../../temporal/deadline.js';
import { onTemporal } from '../../../temporal/on-temporal.js';
import { listRuns, type RunPage } from '../../../temporal/runs/list-runs.js';
import type { TemporalAccess } from '../../pipeline.js';
import { JOB_HANDLERS } from '../contract/job-handlers.js';
import { jobWorkflowId, WORKFLOW_TYPES } from '../contract/names.js';
import type { InterviewJobInput } from '../contract/workflow-inputs.js';

/** The workflows of jobs, from outside. All throw `DependencyUnavailable` when Temporal does not answer. */
export interface JobWorkflows {
  /** @returns `running` where the job's workflow runs already */
  start(jobId: string): Promise<'started' | 'running'>;
  /** Tells the job's workflow that its object is there. @returns false where none runs */
  objectArrived(jobId: string): Promise<boolean>;
  /** Whether the job's workflow runs; asked of the server itself, since lists lag behind. */
  isRunning(jobId: string): Promise<boolean>;
  /** Ids of jobs whose workflow runs, as far as lists tell; those of the last seconds may be missing. */
  running(): Promise<Set<string>>;
}

/** Temporal's largest page. */
const PAGE = 1_000;

export function createJobWorkflows(
  temporal: () => Pick<TemporalAccess, 'client' | 'taskQueue'>,
): JobWorkflows {
  const call = <T>(operation: string, ask: () => Promise<T>): Promise<T> =>
    onTemporal(operation, () => withDeadline(temporal().client, ask));
  return {
    async start(jobId) {
      const { client, taskQueue } = temporal();
      const input: InterviewJobInput = { job_id: jobId };
      try {
        await call("start a job's workflow", () =>
          client.workflow.start(WORKFLOW_TYPES.job, {
            workflowId: jobWorkflowId(jobId),
            taskQueue,
            // A job that is begun anew has another run of the same id.
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            args: [input],
          }),
        );
        return 'started';
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return 'running';
        throw error;
      }
    },

    async objectArrived(jobId) {
      try {
        await call("tell a job's workflow of its object", () =>
          temporal().client.workflow.getHandle(jobWorkflowId(jobId)).signal(JOB_HANDLERS.objectArrived),
        );
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },

    async isRunning(jobId) {
      try {
        const { status } = await call("describe a job's workflow", () =>
          temporal().client.workflow.getHandle(jobWorkflowId(jobId)).describe(),
        );
        return status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },

    async running() {
      const ids = new Set<string>();
      const open = { workflowTypes: [WORKFLOW_TYPES.job], open: true };
      let page: RunPage | undefined;
      do {
        page = await listRuns(temporal().client, open, PAGE, page?.nextPageToken);
        for (const { workflow_id: id } of page.runs) ids.add(id.replace(jobWorkflowId(''), ''));
      } while (page.nextPageToken !== undefined);
      return ids;
    },
  };
}
