export const WORKFLOW_TYPES = {
  job: 'interviewJobWorkflow',
  interview: 'interviewWorkflow',
  sweep: 'interviewSweepWorkflow',
} as const;

/** Where the pipeline's orchestrators listen. */
export function orchestratorTaskQueue(base: string): string {
  return `${base}-interviews`;
}

/** Where a process that has a place takes the next job; from then on the job's own work goes to that process alone. */
export function workTaskQueue(taskQueue: string): string {
  return `${taskQueue}-work`;
}

/** Where any worker process takes a time chunk of any job's video. */
export function chunksTaskQueue(taskQueue: string): string {
  return `${taskQueue}-chunks`;
}

/** @param jobId `_id` of the job's document, as hex */
export function jobWorkflowId(jobId: string): string {
  return `interview-job:${jobId}`;
}

/** @param digest 32 hex digits of an HMAC of the interview's id, which no history may hold */
export function interviewWorkflowId(digest: string): string {
  return `interview:${digest}`;
}

/** What `interviewWorkflow` is told by: a job of the interview has ended. Its argument is `InterviewInput`. */
export const INTERVIEW_SIGNALS = { jobEnded: 'jobEnded' } as const;
