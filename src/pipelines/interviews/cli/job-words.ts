import { instantText } from '../../../commands/words.js';
import { FILE_READY, JOB_STATUS, type InterviewJob } from '../contract/job.js';

/** What a person calls a job's state; the stored digits say less. */
export const JOB_STATES = ['waiting', 'ready', 'processing', 'failed', 'completed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** `waiting`: for its object. `ready`: for a place, or for another attempt. */
export function stateOf({ status, data_process }: Pick<InterviewJob, 'status' | 'data_process'>): JobState {
  if (status === JOB_STATUS.processing) return 'processing';
  if (status === JOB_STATUS.failed) return 'failed';
  if (status === JOB_STATUS.completed) return 'completed';
  return data_process === FILE_READY.yes ? 'ready' : 'waiting';
}

export function hasEnded({ status }: Pick<InterviewJob, 'status'>): boolean {
  return status === JOB_STATUS.failed || status === JOB_STATUS.completed;
}

/** What there is to say beside the state. */
export function detailOf(job: InterviewJob): string {
  const { error_type, error_message, next_attempt_at, attempts } = job;
  if (next_attempt_at !== undefined) {
    return `attempt ${attempts + 1} at ${instantText(next_attempt_at)}, after ${error_type ?? 'a failure'}`;
  }
  const state = stateOf(job);
  // Of a job that no worker has looked at yet nobody knows.
  if (state === 'waiting' && error_type === undefined) {
    return 'its object is not there yet, or no worker has looked for it';
  }
  if (state === 'ready') return 'waits for a place in a worker';
  if (error_type === undefined || state === 'processing') return '';
  return error_message === undefined ? error_type : `${error_type}: ${error_message}`;
}

export const objectOf = ({ bucket, key }: Pick<InterviewJob, 'bucket' | 'key'>): string =>
  `s3://${bucket}/${key}`;

export { instantText as instant } from '../../../commands/words.js';
