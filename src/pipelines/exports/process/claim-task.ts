import { randomUUID } from 'node:crypto';
import {
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { withDeadline } from '../../../temporal/deadline.js';
import { onTemporal } from '../../../temporal/on-temporal.js';
import type { TemporalAccess } from '../../pipeline.js';
import { EXPORT_HANDLERS, type Claim, type ClaimAnswer } from '../contract/claim.js';
import { taskWorkflowId } from '../contract/job-ref.js';
import type { DownloadTaskMessage } from '../contract/messages.js';
import { WORKFLOW_TYPES } from '../contract/names.js';
import type { ExportTaskInput } from '../contract/workflow-inputs.js';

/** An orchestrator answers within milliseconds, and a busy one within seconds. */
const ANSWER_WITHIN_MS = 20_000;
/**
 * A claim that was not heard of may have been taken, and then its task comes to this process: it is asked for again, under its own id,
 * while the message is held. Later the message is released, and asked for anew by whoever receives it.
 */
const MOST_ASKED = 3;

/**
 * A process says that it has a task's message, and hears what to do with it.
 *
 * @param signal aborted once the message is let go: its task is not claimed after that
 */
export type ClaimTask = (task: DownloadTaskMessage, signal: AbortSignal) => Promise<ClaimAnswer>;

/** @throws DependencyUnavailable when Temporal, or an orchestrator, does not answer */
export function createClaim({ client, taskQueue }: TemporalAccess, claim: Claim): ClaimTask {
  const ask = (task: DownloadTaskMessage, updateId: string): Promise<ClaimAnswer> => {
    const { source, export_id, first_ordinal } = task;
    const start = new WithStartWorkflowOperation(WORKFLOW_TYPES.task, {
      workflowId: taskWorkflowId(task, first_ordinal),
      taskQueue,
      // One that has ended yielded, or lost its process: the message came again.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ source, export_id, first_ordinal } satisfies ExportTaskInput],
    });
    return onTemporal('answer the claim of a task', () =>
      withDeadline(
        client,
        () =>
          client.workflow.executeUpdateWithStart<Workflow, ClaimAnswer, [Claim]>(EXPORT_HANDLERS.claim, {
            ...{ startWorkflowOperation: start, args: [claim], updateId },
          }),
        ANSWER_WITHIN_MS,
      ),
    );
  };
  return async (task, signal) => {
    const updateId = randomUUID();
    for (let asked = 1; ; asked += 1) {
      try {
        return await ask(task, updateId);
      } catch (error) {
        if (asked === MOST_ASKED || signal.aborted || !isUnanswered(error)) throw error;
      }
    }
  };
}

function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
}

/** Whether the task's workflow runs: one that was ended by hand will not send its activity. */
export async function isTaskRunning(
  { client }: TemporalAccess,
  { first_ordinal: firstOrdinal, ...job }: DownloadTaskMessage,
): Promise<boolean> {
  const handle = client.workflow.getHandle(taskWorkflowId(job, firstOrdinal));
  try {
    const { status } = await onTemporal('describe a task', () =>
      withDeadline(client, () => handle.describe()),
    );
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
