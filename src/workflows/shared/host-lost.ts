import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { TimeoutType } from '@temporalio/common';

/**
 * Whether an activity failed since its process is gone, or lives on without what the activity is about.
 *
 * @param gone the type of the failure by which a process says the latter
 */
export function isHostLost(error: unknown, gone: string): boolean {
  const root = rootCauseOf(error);
  if (root instanceof ApplicationFailure) return root.type === gone;
  return timedOut(error, ['HEARTBEAT', 'SCHEDULE_TO_START']);
}

export function timedOut(error: unknown, types: readonly TimeoutType[]): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof TimeoutFailure && types.includes(cause.timeoutType)) return true;
  }
  return false;
}

function rootCauseOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof ActivityFailure && cause.cause !== undefined) cause = cause.cause;
  return cause;
}
