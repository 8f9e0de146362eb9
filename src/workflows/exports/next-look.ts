import { condition } from '@temporalio/workflow';
import type { JobSignals } from './job-handlers.js';
import type { JobRun } from './job-run.js';
import { LAST_LOOK_SECONDS, LOOK_EVERY_SECONDS, pauseBeforeLook } from './look-times.js';

/**
 * Waits until it is time to look at a job's fragments again: after a minute; sooner when files are settled or there is
 * more to send, though not sooner than the pause between looks; at once when it was resumed or is to end.
 *
 * @param seen what the last look knew
 */
export async function untilNextLook(
  run: JobRun,
  signals: JobSignals,
  seen: { listed: number; paused: boolean; draining: boolean },
  stopping: () => boolean,
): Promise<void> {
  const since = Date.now();
  const left = (seconds: number): number => Math.max(1, since + seconds * 1000 - Date.now());
  const wasPaused = { here: seen.paused, source: run.source_paused };
  const isSettled = (): boolean => run.all_listed && run.progress.settled >= run.listed;
  const isResumed = (): boolean =>
    (wasPaused.here && !run.paused) || (wasPaused.source && !run.source_paused);
  const isToEnd = (): boolean => signals.draining && !seen.draining;
  const isAtOnce = (): boolean => stopping() || isSettled() || isResumed() || isToEnd();
  const hasMore = (): boolean => run.listed > seen.listed && run.progress.room > 0;
  const isLast = (): boolean => signals.settled >= run.progress.open_files && run.progress.open_files > 0;
  const isWoken = (): boolean => signals.settled > 0 || hasMore();

  if (!(await condition(() => isAtOnce() || isWoken(), left(LOOK_EVERY_SECONDS)))) return;
  if (isAtOnce()) return;
  const pause = pauseBeforeLook(run.looks);
  if (!isLast()) await condition(() => isAtOnce() || isLast(), left(pause));
  // What tells of all open files may be one told twice: never more than a look a second.
  if (isLast() && !isAtOnce()) await condition(isAtOnce, left(LAST_LOOK_SECONDS));
}
