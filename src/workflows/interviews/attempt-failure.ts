import { ActivityFailure, ApplicationFailure, TimeoutFailure, isCancellation } from '@temporalio/workflow';
import type { EndAttemptInput, Failure } from '../../activities/interviews/activity-types.js';
import {
  ATTEMPT_FAILURES,
  JOB_FAILURES,
  SUPERSEDING_FAILURES,
} from '../../pipelines/interviews/contract/failures.js';

/** What an attempt's failure means for the job. */
export type AttemptFailure = (Failure & Pick<EndAttemptInput, 'again'>) | 'superseded';

/**
 * Judges why an attempt failed: what no other attempt can mend ends the job; what may pass is tried again.
 *
 * @throws what is a fault of the workflow rather than of an activity
 */
export function attemptFailureOf(error: unknown): AttemptFailure {
  const root = rootOf(error);
  if (root instanceof ApplicationFailure) {
    const type = root.type ?? 'Unexpected';
    if (SUPERSEDING_FAILURES.includes(type)) return 'superseded';
    const failure = { error_type: type, message: root.message };
    if (type === JOB_FAILURES.placeGone) return { ...failure, again: 'at_once' };
    const isFinal = root.nonRetryable === true && !ATTEMPT_FAILURES.includes(type);
    return { ...failure, again: isFinal ? 'never' : 'later' };
  }
  if (root instanceof TimeoutFailure) {
    return root.timeoutType === 'START_TO_CLOSE' || root.timeoutType === 'SCHEDULE_TO_CLOSE'
      ? { ...TIMED_OUT, again: 'later' }
      : {
          error_type: JOB_FAILURES.workerLost,
          message: 'The process that worked on it was lost.',
          again: 'later',
        };
  }
  throw error;
}

export const TIMED_OUT: Failure = {
  error_type: JOB_FAILURES.timeout,
  message: 'The attempt took longer than a job may.',
};

/** An activity that was tried several times fails with the last try's failure; one that timed out, with the timeout. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof ActivityFailure && root.cause !== undefined) root = root.cause;
  return isCancellation(root) ? error : root;
}
