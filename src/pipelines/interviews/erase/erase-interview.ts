import { interviewWorkflowId, jobWorkflowId } from '../contract/names.js';
import type { InterviewEvents } from '../events/interview-events.js';
import { interviewDigest } from '../interview-digest.js';
import type { InterviewJobs } from '../jobs/interview-jobs.js';
import type { InterviewParts } from '../results/interview-parts.js';
import type { InterviewResults } from '../results/interview-results.js';
import type { ErasedInterviews } from './erased-interviews.js';
import type { StoppedWorkflows } from './stop-workflows.js';

export interface EraseParts {
  erased: Pick<ErasedInterviews, 'mark'>;
  jobs: Pick<InterviewJobs, 'ofInterview' | 'deleteInterview'>;
  parts: Pick<InterviewParts, 'removeErased'>;
  results: Pick<InterviewResults, 'removeErased'>;
  events: Pick<InterviewEvents, 'deleteOf'>;
  /** Brings workflows to their end, and waits for it. @throws DependencyUnavailable */
  stopWorkflows: (workflowIds: readonly string[]) => Promise<StoppedWorkflows>;
  /** `INTERVIEW_ID_KEY` */
  idKey: string;
}

/** What was there, and is no more. */
export interface EraseReport {
  jobs: number;
  workflows: StoppedWorkflows;
  parts: number;
  /** With their transcripts and series. */
  results: number;
  events: number;
}

/**
 * Erases all that is kept of an interview. The tombstone comes first: from then on nothing of it is admitted or stored.
 * Its jobs go before their workflows are stopped, since a workflow whose job is gone tells nobody that it was cancelled;
 * what its activities wrote until then goes last. Cut short, it is done again from the beginning.
 *
 * @throws DependencyUnavailable
 */
export async function eraseInterview(
  { erased, jobs, parts, results, events, stopWorkflows, idKey }: EraseParts,
  interviewId: string,
): Promise<EraseReport> {
  await erased.mark(interviewId);
  const digest = interviewDigest(interviewId, idKey);
  const known = await jobs.ofInterview(interviewId);
  const deleted = await jobs.deleteInterview(interviewId);
  const workflows = await stopWorkflows([
    ...known.map(({ job_id }) => jobWorkflowId(job_id)),
    interviewWorkflowId(digest),
  ]);
  return {
    // One may have been inserted meanwhile.
    jobs: deleted + (await jobs.deleteInterview(interviewId)),
    workflows,
    parts: await parts.removeErased([digest]),
    results: await results.removeErased([digest]),
    events: await events.deleteOf(interviewId),
  };
}
