import { Context } from '@temporalio/activity';

/** Further than this a task rarely waits for a worker, and no clock that is kept in time is off. */
const MOST_APART_MS = 2 * 60_000;

/**
 * The time by this process's clock; by Temporal's, as of when the attempt was scheduled, where the two are far apart: what
 * others hold against their own clocks must not carry the time of one that is hours off.
 */
export function trustedTime(now: () => number = Date.now): Date {
  const { currentAttemptScheduledTimestampMs: scheduled } = Context.current().info;
  const own = now();
  return new Date(Math.abs(own - scheduled) > MOST_APART_MS ? scheduled : own);
}
