import type { TemporalAccess } from '../../pipeline.js';
import { withDeadline } from '../../../temporal/deadline.js';
import { onTemporal } from '../../../temporal/on-temporal.js';
import { INTERVIEW_SIGNALS, interviewWorkflowId, WORKFLOW_TYPES } from '../contract/names.js';
import type { InterviewInput } from '../contract/workflow-inputs.js';

/** Which interview, by the digest of its id, and one of its jobs. */
export interface ToldInterview extends InterviewInput {
  digest: string;
}

/**
 * Has an interview looked at: starts its workflow, or signals it where it runs.
 *
 * @throws DependencyUnavailable when Temporal does not answer
 */
export async function tellInterview(
  { client, taskQueue }: Pick<TemporalAccess, 'client' | 'taskQueue'>,
  { digest, job_id }: ToldInterview,
): Promise<void> {
  const input: InterviewInput = { job_id };
  await onTemporal('tell an interview', () =>
    withDeadline(client, () =>
      client.workflow.signalWithStart(WORKFLOW_TYPES.interview, {
        workflowId: interviewWorkflowId(digest),
        taskQueue,
        args: [input],
        signal: INTERVIEW_SIGNALS.jobEnded,
        signalArgs: [input],
      }),
    ),
  );
}

/** Has an interview looked at unless its workflow runs, which then looks by itself. @throws DependencyUnavailable */
export async function ensureInterviewRuns(
  { client, taskQueue }: Pick<TemporalAccess, 'client' | 'taskQueue'>,
  { digest, job_id }: ToldInterview,
): Promise<void> {
  const input: InterviewInput = { job_id };
  await onTemporal('start an interview', () =>
    withDeadline(client, () =>
      client.workflow.start(WORKFLOW_TYPES.interview, {
        workflowId: interviewWorkflowId(digest),
        taskQueue,
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [input],
      }),
    ),
  );
}
