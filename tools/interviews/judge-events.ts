import type { Delivery } from '../webhook-receiver/start-receiver.js';
import type { InterviewsWorld } from './read-world.js';
import { finalEvent, finalOutcomes, type SeededInterview } from './seeded-interview.js';

const JOB_FAILED = 'interview.job_failed';

/**
 * What the receiver has heard of an interview. A delivery may come again; what counts is what is new by its `webhook-id`:
 * each state under one id, the last one being how it ended, and each failed job told.
 */
export function judgeEvents(
  interview: SeededInterview,
  { events }: InterviewsWorld,
  deliveries: readonly Delivery[],
): string[] {
  const complaints: string[] = [];
  const heard = new Map<string, NonNullable<Delivery['event']>>();
  for (const { webhookId, event, answered } of deliveries) {
    if (event?.data['interview_id'] !== interview.id || answered !== 204) continue;
    const before = heard.get(webhookId);
    if (before !== undefined && JSON.stringify(before.data) !== JSON.stringify(event.data))
      complaints.push('one webhook-id stands for two things');
    heard.set(webhookId, event);
  }
  const told = [...heard.values()];
  const ends = told.filter(({ type }) => type !== JOB_FAILED);
  const wanted = finalEvent(interview);
  const last = ends.at(-1);
  if (last === undefined) complaints.push(`the receiver was never told ${wanted}`);
  else if (last.type !== wanted)
    complaints.push(`the receiver was last told ${last.type} instead of ${wanted}`);
  else complaints.push(...judgeCounts(last.data, interview));
  const isOnce =
    interview.isExtended !== true && interview.media.every((medium) => medium.replacement === undefined);
  if (isOnce && ends.length > 1) complaints.push(`its end was told under ${ends.length} webhook-ids`);
  const states = new Set(
    told.map(({ type, data: { revision: _, ...state } }) => JSON.stringify([type, state])),
  );
  if (states.size < told.length) complaints.push('the same was told under two webhook-ids');
  const failures = finalOutcomes(interview).filter(({ ends: how }) => how === 'failed').length;
  const failuresTold = told.length - ends.length;
  if (failuresTold !== failures)
    complaints.push(`${failuresTold} failed jobs were told instead of ${failures}`);
  const own = events.filter(({ interview_id: id }) => id === interview.id);
  const open = own.filter(({ status }) => status !== 'delivered' && status !== 'superseded');
  for (const { type, status } of open) complaints.push(`the event ${type} is ${status}`);
  return complaints;
}

/** How many jobs it tells of, by their end. */
function judgeCounts({ jobs }: Readonly<Record<string, unknown>>, interview: SeededInterview): string[] {
  const ends = finalOutcomes(interview).map(({ ends: how }) => how);
  const count = (how: string): number => ends.filter((one) => one === how).length;
  const wanted = { total: ends.length, completed: count('completed'), failed: count('failed'), open: 0 };
  const { total, completed, failed, open } = (jobs ?? {}) as Partial<typeof wanted>;
  const told = JSON.stringify({ total, completed, failed, open });
  return told === JSON.stringify(wanted)
    ? []
    : [`its end tells of jobs ${told} instead of ${JSON.stringify(wanted)}`];
}
