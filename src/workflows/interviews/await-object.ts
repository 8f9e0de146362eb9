import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { JobRef, Readiness } from '../../activities/interviews/activity-types.js';
import { jobActivities } from './interview-activities.js';
import type { JobRun } from './job-run.js';

/** What a job is told of its object. */
export interface ObjectSignals {
  /** An event has said that it is there. */
  arrived: boolean;
}

/** Events that cut a wait short: each adds to the history, and a store that repeats itself must not fill it. */
const MOST_EVENTS = 50;

/**
 * Waits until a job's object is there. The activity fails, retryably, while it is not, so that no history grows; an
 * event has it look at once.
 */
export async function untilReady(
  run: Pick<JobRun, 'started_at' | 'attempt'>,
  ref: JobRef,
  signals: ObjectSignals,
): Promise<Readiness> {
  const hasArrived = (): boolean => signals.arrived;
  for (let events = 0; ; events += 1) {
    const told = signals.arrived;
    signals.arrived = false;
    const look = new CancellationScope();
    // One that has been there before, or that an event tells of, is not looked at twice.
    const looking = look.run(() =>
      jobActivities.awaitObject({
        ...ref,
        told: told || events > 0 || run.attempt > 0,
        since: run.started_at,
      }),
    );
    if (events === MOST_EVENTS) return looking;
    const waiting = new CancellationScope();
    const isTold = waiting.run(() => condition(hasArrived)).catch(ignoreCancellation);
    const first = await Promise.race([looking, isTold]);
    if (first !== undefined) {
      waiting.cancel();
      return first;
    }
    // Cancelled from outside.
    if (!hasArrived()) return looking;
    look.cancel();
    await looking.catch(ignoreCancellation);
  }
}

function ignoreCancellation(error: unknown): undefined {
  if (!isCancellation(error)) throw error;
  return undefined;
}
