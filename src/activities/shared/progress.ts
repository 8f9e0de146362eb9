import type { Context } from '@temporalio/activity';

/** By attempt, what its heartbeats carry. */
const kept = new WeakMap<Context, () => unknown>();

/** From now on every heartbeat of this attempt carries what `progress` says, for the next attempt to go on from. */
export function keepProgress(context: Context, progress: () => unknown): void {
  kept.set(context, progress);
}

/** What the attempt before this one got to; undefined where it is the first, or got nowhere. */
export function progressBefore(context: Context): unknown {
  return context.info.heartbeatDetails as unknown;
}

/**
 * One heartbeat. Details belong to it: one without any would take away what an earlier heartbeat, or the attempt
 * before, had left for the next attempt.
 */
export function beat(context: Context): void {
  const progress = kept.get(context);
  context.heartbeat(progress === undefined ? progressBefore(context) : progress());
}
