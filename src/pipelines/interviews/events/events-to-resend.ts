import type { InterviewEvent } from '../contract/event.js';

/** The event of one revision, or those alone that never arrived; without either what a person would mean. */
export interface WhichEvents {
  revision?: number;
  undelivered?: boolean;
}

const NEVER_ARRIVED: readonly InterviewEvent['status'][] = ['undelivered', 'unsent'];

/**
 * Which events of an interview a person means who asks for them again: the last that says how it ended, whether or not it
 * was delivered, and the last failure of each job where that was not.
 */
export function eventsToResend(
  events: readonly InterviewEvent[],
  { revision, undelivered }: WhichEvents = {},
): InterviewEvent[] {
  if (revision !== undefined) return events.filter((event) => event.revision === revision);
  const last = new Map<string | undefined, InterviewEvent>();
  for (const event of events) {
    const { revision: newest } = last.get(event.job_id) ?? { revision: 0 };
    if (event.revision > newest) last.set(event.job_id, event);
  }
  return [...last.values()].filter(({ job_id, status }) =>
    undelivered === true ? NEVER_ARRIVED.includes(status) : job_id === undefined || status !== 'delivered',
  );
}
