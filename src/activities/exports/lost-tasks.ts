import pLimit from 'p-limit';
import { taskWorkflowId, type JobRef } from '../../pipelines/exports/contract/job-ref.js';
import type { QueueDepth } from '../../contract/backlog.js';
import type { OutTask } from './dispatch-state.js';
import type { TaskRuns } from './task-runs.js';

/** Times that a task is sent again before its files are given up as `task_lost`. */
const MOST_AGAIN = 3;
/** Questions to Temporal at once. */
const AT_ONCE = 8;

export interface LossSigns {
  /** Of the queue that the tasks went to; asked only when a task is old enough to be missed. */
  depth: () => Promise<QueueDepth>;
  /** When the latest of the tasks was sent that are known to have come through this queue; 0 where none is. */
  cameThroughMs: number;
  runs: Pick<TaskRuns, 'isRunning'>;
  /** Whether somebody holds a message whose task does not run; asked only before a task is given up. */
  isAnyUnclaimed: () => Promise<boolean>;
  visibilityTimeoutMs: number;
  now: number;
}

/**
 * Which tasks are lost: not running, and in no queue. Nothing tells where a message is; but one that somebody has received
 * and does not work on is visible again after the visibility timeout. So it is gone where the queue shows no message, now
 * and one such timeout ago; or, while the queue is busy, where another task has come through it that was sent one such timeout
 * after this one was found not to run: by then it has had its turn. A queue keeps no strict order, and a task may be missed
 * that is not lost; its second message does no harm.
 *
 * Whoever receives a task and fails before its claim, as without Temporal, holds it for hours, or lets it be seen for a moment between
 * two receives: it may be taken for lost, and its second message may find somebody who does better. None is given up meanwhile.
 *
 * Marks each task with what was seen.
 *
 * @returns those to send once more, and those that were sent often enough
 */
export async function findLost(
  job: JobRef,
  tasks: readonly OutTask[],
  { depth, cameThroughMs, runs, isAnyUnclaimed, visibilityTimeoutMs, now }: LossSigns,
): Promise<{ again: OutTask[]; givenUp: OutTask[] }> {
  const found = { again: [] as OutTask[], givenUp: [] as OutTask[] };
  const old = tasks.filter(({ sent_at: at }) => now - Date.parse(at) >= visibilityTimeoutMs);
  if (old.length === 0) return found;
  const { visible, delayed } = await depth();
  const isEmpty = visible + delayed === 0;
  const ago = (since: string | undefined): number => (since === undefined ? 0 : now - Date.parse(since));
  if (!isEmpty) for (const task of old) delete task.empty_since;

  // Temporal is asked only of those that may be lost.
  const missed = old.filter(({ sent_at: at }) => isEmpty || Date.parse(at) < cameThroughMs);
  const limit = pLimit(AT_ONCE);
  const running = await Promise.all(
    missed.map((task) => limit(() => runs.isRunning(taskWorkflowId(job, task.first)))),
  );
  for (const [index, task] of missed.entries()) {
    if (running[index] === true) {
      delete task.quiet_since;
      delete task.empty_since;
      continue;
    }
    task.quiet_since ??= new Date(now).toISOString();
    if (isEmpty) task.empty_since ??= new Date(now).toISOString();
    const isGone = isEmpty && ago(task.empty_since) >= visibilityTimeoutMs;
    const isPassed = Date.parse(task.quiet_since) + visibilityTimeoutMs <= cameThroughMs;
    if (isGone || isPassed) (task.again < MOST_AGAIN ? found.again : found.givenUp).push(task);
  }
  if (found.givenUp.length > 0 && (await isAnyUnclaimed())) return { ...found, givenUp: [] };
  return found;
}
