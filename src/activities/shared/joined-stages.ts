import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { FAILURES } from '../../contract/failures.js';
import { within } from '../../platform/time/within.js';
import type { ActivityAttempt } from './activity-boundary.js';
import type { BatchIdentity, JoinedReport, StageReport } from './activity-types.js';
import type { JoinedProgress } from './batch.js';
import type { BatchStore } from './batch-store.js';
import { noteStep } from './failed-step.js';

/** A stage that runs with others in one activity. */
export interface JoinedStage {
  /** As the batch's timings name it. */
  name: string;
  /** The activity that it also is by itself; metrics know it by that. */
  activity: string;
  run: (batch: BatchIdentity) => Promise<StageReport>;
  /** What takes longer hangs. */
  mostMinutes: number;
  /** True: also when no item is left to work on. */
  always?: true;
}

/**
 * Runs stages one after the other, as a workflow would that asked for each: another attempt goes on with the one that failed, and the newest
 * attempt is the one that counts.
 *
 * A batch lives and dies with its process, so nothing that the history would know of these stages could be used elsewhere; each activity
 * saved is 11 ms of the server and 5 of the worker.
 *
 * @param onStage told of each stage's end, for metrics
 */
export function joinStages(
  store: Pick<BatchStore, 'get'>,
  stages: readonly JoinedStage[],
  onStage: (ended: ActivityAttempt) => void = () => undefined,
): (batch: BatchIdentity) => Promise<JoinedReport> {
  return async (identity) => {
    const batch = store.get(identity.batch_id);
    const turn = Symbol();
    const progress: JoinedProgress = (batch.joined ??= { turn, ended: new Map() });
    progress.turn = turn;
    const isNewest = (): boolean => progress.turn === turn;
    const timings: Record<string, number> = {};
    let remaining: number | undefined;
    for (const { name, activity, run, mostMinutes, always = false } of stages) {
      if (remaining === 0 && !always) continue;
      if (!isNewest()) throw new CancelledFailure('A later attempt at this batch has begun');
      let ended = progress.ended.get(name);
      if (ended === undefined) {
        const hung = (): never => {
          const failure = ApplicationFailure.nonRetryable(
            `The stage ${name} was not over within ${mostMinutes} minutes`,
            FAILURES.stageHung,
          );
          if (isNewest()) batch.attempt?.abort(failure);
          throw failure;
        };
        const started = performance.now();
        let failed = true;
        try {
          const report = await within(mostMinutes * 60_000, run(identity), hung);
          failed = false;
          ended = { ...report, milliseconds: Math.round(performance.now() - started) };
        } catch (error) {
          noteStep(error, activity);
          throw error;
        } finally {
          // Attempts after the first are counted at the activity that all of these are.
          onStage({ activity, attempt: 1, seconds: (performance.now() - started) / 1_000, failed });
        }
        progress.ended.set(name, ended);
      }
      timings[name] = ended.milliseconds;
      ({ remaining } = ended);
    }
    return { remaining: remaining ?? 0, timings_ms: timings };
  };
}
