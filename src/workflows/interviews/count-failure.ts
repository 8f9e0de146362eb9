import type { EndAttemptInput } from '../../activities/interviews/activity-types.js';
import { JOB_FAILURES } from '../../pipelines/interviews/contract/failures.js';
import type { JobRun } from './job-run.js';

/** Attempts at a job whose trouble may pass. */
export const MOST_FAILURES = 3;
/** Attempts that end with a process that was stopped count no failure; one that always stops would never let the job go. */
const MOST_ATTEMPTS = 20;
/** Processes that may be lost with the job before that counts as its failure: a medium may be what kills them. */
const MOST_LOSSES = 3;

/** Counts an attempt that has failed. @returns whether the job is tried again, and when */
export function countFailure(
  run: Pick<JobRun, 'attempt' | 'failures' | 'losses'>,
  { again, error_type: type }: Pick<EndAttemptInput, 'again' | 'error_type'>,
): EndAttemptInput['again'] {
  if (again === 'at_once' && run.attempt < MOST_ATTEMPTS) return 'at_once';
  if (type === JOB_FAILURES.workerLost && run.losses < MOST_LOSSES) {
    run.losses += 1;
    return 'later';
  }
  run.failures += 1;
  return again === 'never' || run.failures >= MOST_FAILURES ? 'never' : 'later';
}
