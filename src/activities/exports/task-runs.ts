import { WorkflowNotFoundError, isGrpcServiceError, type Client } from '@temporalio/client';
import { EXPORT_HANDLERS } from '../../pipelines/exports/contract/claim.js';
import { DependencyUnavailable } from '../../platform/errors.js';
import { withDeadline } from '../../temporal/deadline.js';

/** Workflows of tasks and jobs, as activities of others see them. */
export interface TaskRuns {
  isRunning(workflowId: string): Promise<boolean>;
  /** @returns false when it does not run */
  cancel(workflowId: string): Promise<boolean>;
  /** Tells a job that files of it are settled. A job that does not run needs no telling. */
  wake(jobWorkflowId: string, settled: number): Promise<void>;
}

/** @returns an interface whose methods throw `DependencyUnavailable` when Temporal does not answer */
export function createTaskRuns(client: () => Client): TaskRuns {
  const ask = async <T>(call: (client: Client) => Promise<T>, absent: T): Promise<T> => {
    try {
      return await withDeadline(client(), () => call(client()));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return absent;
      const why = isGrpcServiceError(error)
        ? error.details
        : error instanceof Error
          ? error.name
          : 'unknown error';
      throw new DependencyUnavailable(`Temporal did not answer: ${why}`, { cause: error });
    }
  };
  return {
    isRunning: (workflowId) =>
      ask(async ({ workflow }) => {
        const { status } = await workflow.getHandle(workflowId).describe();
        return status.name === 'RUNNING';
      }, false),
    cancel: (workflowId) =>
      ask(async ({ workflow }) => {
        await workflow.getHandle(workflowId).cancel();
        return true;
      }, false),
    wake: (workflowId, settled) =>
      ask(({ workflow }) => workflow.getHandle(workflowId).signal(EXPORT_HANDLERS.wake, settled), undefined),
  };
}
