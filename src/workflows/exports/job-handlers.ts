import {
  CancellationScope,
  condition,
  defineSignal,
  defineUpdate,
  patched,
  setHandler,
} from '@temporalio/workflow';
import { EXPORT_HANDLERS } from '../../pipelines/exports/contract/claim.js';
import { drainSignal, pauseSignal, resumeSignal, statusQuery } from '../shared/handlers.js';
import { jobActivities } from './export-activities.js';
import { announce, summarize, type JobRun } from './job-run.js';

const wakeSignal = defineSignal<[number]>(EXPORT_HANDLERS.wake);
const cancelSignal = defineSignal(EXPORT_HANDLERS.cancel);
const pauseUpdate = defineUpdate<unknown>(EXPORT_HANDLERS.pause);
const resumeUpdate = defineUpdate<unknown>(EXPORT_HANDLERS.resume);

/** Runs from before took the signal, and went on as if there had been none. */
const EXPORT_JOBS_ARE_DRAINED = 'export-jobs-are-drained';

/** What a job is told while it runs. */
export interface JobSignals {
  /** Files that workers say they have settled since the last look; a hint that may be wrong either way. */
  settled: number;
  cancelled: boolean;
  /** It is to end once its tasks that are out are done. */
  draining: boolean;
}

/**
 * Lets people pause, resume, drain, cancel and ask a job, and workers wake it, from its first moment on.
 *
 * @param current undefined while the job is still being checked
 * @param scope what a cancelled job cancels
 */
export function installJobHandlers(
  signals: JobSignals,
  current: () => JobRun | undefined,
  scope: CancellationScope,
): void {
  const change = (changes: Partial<JobRun>): void => {
    const run = current();
    if (run === undefined || run.result !== undefined) return;
    Object.assign(run, changes);
    announce(run);
  };
  const setPaused = (paused: boolean) => async (): Promise<void> => {
    await condition(() => current() !== undefined);
    const { plan } = current()!;
    await jobActivities(plan.priority).setSourcePaused(plan.source, paused);
    change({ source_paused: paused });
  };
  setHandler(wakeSignal, (settled) => {
    signals.settled += Number.isSafeInteger(settled) && settled > 0 ? settled : 1;
  });
  setHandler(cancelSignal, () => {
    signals.cancelled = true;
    scope.cancel();
  });
  setHandler(drainSignal, () => {
    if (!patched(EXPORT_JOBS_ARE_DRAINED)) return;
    signals.draining = true;
    // While it is not ready, nothing is under way.
    if (current()?.ready === false) scope.cancel();
  });
  setHandler(pauseSignal, () => change({ paused: true }));
  setHandler(resumeSignal, () => change({ paused: false }));
  setHandler(pauseUpdate, setPaused(true));
  setHandler(resumeUpdate, setPaused(false));
  setHandler(statusQuery, () => {
    const run = current();
    if (run === undefined) throw new Error('The job is being checked; ask again in a moment.');
    return summarize(run);
  });
}
