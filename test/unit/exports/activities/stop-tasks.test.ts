import { createStopTasksActivity } from '../../../../src/activities/exports/stop-tasks.js';
import type { JobPlan } from '../../../../src/activities/exports/activity-types.js';
import type { JobState } from '../../../../src/pipelines/exports/state/job-state.js';
import { inActivity } from '../../shared/activities/in-activity.js';

const PLAN = { source: 'default', export_id: 'x', attempt: 1 } as JobPlan;

/** A job with three tasks out, of which these run; each runs on for so many looks after it was cancelled. */
function setup(running: Record<string, number>, waitMs = Infinity) {
  const steps: string[] = [];
  const left = new Map(
    Object.entries(running).map(([first, looks]) => [`export-task:default:x:${first}`, looks]),
  );
  const tasks = [0, 1, 2].map((first) => ({ first, last: first, sent_at: '', again: 0 }));
  const job = {
    keys: { dispatch: 'dispatch.json' },
    markCancelled: () => {
      steps.push('marked');
      return Promise.resolve();
    },
  } as unknown as JobState;
  const { stopTasks } = createStopTasksActivity(
    {
      state: {
        of: () => job,
        objects: { read: () => Promise.resolve(JSON.stringify({ attempt: 1, tasks })) } as never,
      },
      runs: {
        cancel: (id) => {
          steps.push(`cancel ${id}`);
          return Promise.resolve(left.has(id));
        },
        isRunning: (id) => {
          const looks = left.get(id)!;
          left.set(id, looks - 1);
          return Promise.resolve(looks > 0);
        },
      },
    },
    { waitMs, lookEveryMs: 1 },
  );
  return { steps, stop: () => inActivity(() => stopTasks(PLAN)) };
}

test('the marker is there before any task is cancelled', async () => {
  const { steps, stop } = setup({ 1: 0 });
  await stop();
  expect(steps).toEqual([
    'marked',
    'cancel export-task:default:x:0',
    'cancel export-task:default:x:1',
    'cancel export-task:default:x:2',
  ]);
});

test('it waits until none runs', async () => {
  expect(await setup({ 0: 3, 2: 5 }).stop()).toEqual({ still_running: 0 });
});

test('what hangs is reported', async () => {
  expect(await setup({ 0: Infinity, 2: 0 }, 0).stop()).toEqual({ still_running: 1 });
});
