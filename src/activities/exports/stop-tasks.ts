import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { taskWorkflowId } from '../../pipelines/exports/contract/job-ref.js';
import type { ExportState } from '../../pipelines/exports/state/job-state.js';
import type { JobActivities } from './activity-types.js';
import { readDispatch } from './dispatch-state.js';
import type { TaskRuns } from './task-runs.js';

/** A task stops at the end of a part: seconds. What hangs longer is reported, and finds the marker when it wakes up. */
const WAIT_MS = 120_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Marks a job as cancelled and waits until nothing works on it any more. The marker comes first: a task that is claimed
 * meanwhile finds it, before it starts and before each of its files.
 */
export function createStopTasksActivity(
  {
    state,
    runs,
  }: { state: Pick<ExportState, 'of' | 'objects'>; runs: Pick<TaskRuns, 'isRunning' | 'cancel'> },
  { waitMs, lookEveryMs }: { waitMs: number; lookEveryMs: number } = {
    waitMs: WAIT_MS,
    lookEveryMs: LOOK_EVERY_MS,
  },
): Pick<JobActivities, 'stopTasks'> {
  return {
    async stopTasks(plan) {
      const signal = Context.current().cancellationSignal;
      const job = state.of(plan);
      await job.markCancelled(signal);
      const { tasks } = await readDispatch(state.objects, job, plan.attempt, signal);
      const ids = tasks.map(({ first }) => taskWorkflowId(plan, first));
      let running: string[] = [];
      for (const id of ids) if (await runs.cancel(id)) running.push(id);
      const until = performance.now() + waitMs;
      for (;;) {
        const still = await Promise.all(running.map((id) => runs.isRunning(id)));
        running = running.filter((_, index) => still[index]);
        if (running.length === 0 || performance.now() >= until) return { still_running: running.length };
        await pause(lookEveryMs, undefined, { signal });
      }
    },
  };
}
