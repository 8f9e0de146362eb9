import type { InterviewJob } from '../../../../src/pipelines/interviews/contract/job.js';

/** A job of the interview `i-1`, completed unless something else is said. */
export function job(digit: number, changes: Partial<InterviewJob> = {}): InterviewJob {
  const at = new Date('2026-01-02T03:00:00Z');
  return {
    job_id: String(digit).repeat(24),
    interview_id: 'i-1',
    interview_type: 'video',
    bucket: 'bucket',
    key: `secret/${digit}.mp4`,
    status: '3',
    data_process: '1',
    created_at: at,
    updated_at: at,
    ended_at: at,
    attempts: 1,
    run_id: `run-${digit}`,
    result_id: `result-${digit}`,
    revision: 1,
    ...changes,
  };
}

export const failedJob = (digit: number, changes: Partial<InterviewJob> = {}): InterviewJob => {
  const { result_id: _none, ...failed } = job(digit, {
    status: '2',
    error_type: 'MediaRefused',
    error_message: 'The medium has no video stream.',
    ...changes,
  });
  return failed;
};
