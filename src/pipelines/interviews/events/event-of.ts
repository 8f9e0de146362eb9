import { EVENT_TYPES } from '../contract/event.js';
import type { InterviewJob } from '../contract/job.js';
import type { NewEvent } from './interview-events.js';
import { hasEnded, interviewState, jobHash } from './interview-state.js';

/** A receiver that wants more follows the link: an event stays small. */
const MOST_MEDIA = 100;

/** Where the HTTP API tells of an interview; relative, since only the reader knows how it gets there. */
const linkOf = (interviewId: string): { interview: string } => ({
  interview: `/api/v1/interviews/${encodeURIComponent(interviewId)}`,
});

/** That an interview has ended. @param jobs all of it */
export function endOf(interviewId: string, jobs: readonly InterviewJob[]): NewEvent {
  const { open, completed, failed, hash } = interviewState(jobs);
  const media = jobs.filter(hasEnded).map((job) => ({
    job_id: job.job_id,
    interview_type: job.interview_type,
    status: job.status,
    ...(job.result_id !== undefined && { result_id: job.result_id }),
    ...(job.error_type !== undefined && { error_type: job.error_type }),
  }));
  return {
    interview_id: interviewId,
    type: completed > 0 ? EVENT_TYPES.completed : EVENT_TYPES.failed,
    state: hash,
    data: {
      interview_id: interviewId,
      jobs: { total: jobs.length, completed, failed, open },
      media: media.slice(0, MOST_MEDIA),
      links: linkOf(interviewId),
    },
  };
}

/** That a job has failed for good. */
export function failureOf(job: InterviewJob): NewEvent {
  return {
    interview_id: job.interview_id,
    type: EVENT_TYPES.jobFailed,
    job_id: job.job_id,
    state: jobHash(job),
    data: {
      interview_id: job.interview_id,
      interview_type: job.interview_type,
      error_message: job.error_message ?? 'unknown',
      ...(job.error_type !== undefined && { error_type: job.error_type }),
      job_id: job.job_id,
      links: linkOf(job.interview_id),
    },
  };
}
