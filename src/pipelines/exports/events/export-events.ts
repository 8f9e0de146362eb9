import type { WaitingEvent } from '../../../contract/webhook.js';
import type { DeliveryStore, MadeTry } from '../../../webhook/deliver.js';
import type { LoggedEvent } from '../../../webhook/webhook-log.js';
import type { ExportEventInput } from '../contract/event.js';
import type { ExportResult } from '../contract/result.js';
import type { ExportState } from '../state/job-state.js';
import { eventIdOf, eventKey, eventsFolder } from '../state/keys.js';
import { eventOf, type ExportEvent } from './export-event.js';

/** Most events that are read for those of one status. */
const MOST_READ = 1_000;

/**
 * The events of exports, each an object in S3. One workflow alone writes an event, so that reading it and writing it anew
 * loses nothing. Every method throws `DependencyUnavailable` when S3 does not answer.
 */
export interface ExportEvents extends DeliveryStore {
  /**
   * Writes the event of an attempt that has ended, before it is sent for the first time; one that is there stays.
   *
   * @returns undefined where there is nothing to deliver
   */
  record(job: ExportEventInput, isSendable: boolean): Promise<WaitingEvent | undefined>;
  /** The newest first. */
  latest(query: { limit: number; status?: LoggedEvent['status'] }): Promise<LoggedEvent[]>;
  /** Makes an event wait for delivery again. @returns undefined where there is none */
  resend(job: ExportEventInput): Promise<ExportEvent | undefined>;
}

export function createExportEvents(state: ExportState, now: () => number = Date.now): ExportEvents {
  const { objects, prefix } = state;
  const read = async (eventId: string): Promise<ExportEvent | undefined> => {
    const text = await objects.read(eventKey(prefix, eventId));
    return text === undefined ? undefined : (JSON.parse(text) as ExportEvent);
  };
  const write = (eventId: string, event: ExportEvent): Promise<void> =>
    objects.write(eventKey(prefix, eventId), JSON.stringify(event));
  const tried = async (eventId: string, made: MadeTry, change: Partial<ExportEvent>): Promise<void> => {
    const event = await read(eventId);
    if (event === undefined) return;
    const { next_try_at: _before, ...rest } = event;
    const last = { ...made, at: made.at.toISOString() };
    await write(eventId, { ...rest, tries: event.tries + 1, last_try: last, ...change });
  };
  /** The result of an attempt, also once another one has begun. */
  const resultOf = async ({ attempt, ...job }: ExportEventInput): Promise<ExportResult | undefined> => {
    const latest = await state.of(job).result();
    return latest?.attempt === attempt ? latest : state.of(job).result(undefined, attempt);
  };
  const named = (result: ExportResult, isSendable: boolean): { id: string; event: ExportEvent } => {
    const url = `s3://${prefix.bucket}/${state.of(result).keys.result()}`;
    const event = eventOf(result, url, isSendable);
    return { id: eventIdOf(event.webhook_id, result.finished_at), event };
  };

  return {
    async record(job, isSendable) {
      const result = await resultOf(job);
      if (result === undefined) return undefined;
      const { id, event } = named(result, isSendable);
      await objects.create(eventKey(prefix, id), JSON.stringify(event));
      const kept = await read(id);
      if (kept?.status !== 'pending') return undefined;
      const dueAt = kept.next_try_at === undefined ? 0 : Date.parse(kept.next_try_at);
      return { event_id: id, wait_ms: Math.max(0, dueAt - now()) };
    },

    async pending(eventId) {
      const event = await read(eventId);
      if (event?.status !== 'pending') return undefined;
      const { webhook_id: id, type, at, data, tries } = event;
      return { event: { id, type, at: new Date(at), data }, tries };
    },

    delivered: (eventId, made) => tried(eventId, made, { status: 'delivered' }),

    failed: (eventId, made, nextTryAt) =>
      tried(
        eventId,
        made,
        nextTryAt === undefined ? { status: 'undelivered' } : { next_try_at: nextTryAt.toISOString() },
      ),

    async latest({ limit, status }) {
      const found: LoggedEvent[] = [];
      let looked = 0;
      for await (const key of objects.keys(eventsFolder(prefix))) {
        const text = await objects.read(key);
        if (text !== undefined) {
          const event = JSON.parse(text) as ExportEvent;
          if (status === undefined || event.status === status) found.push(loggedOf(event));
        }
        looked += 1;
        if (found.length >= limit || looked >= MOST_READ) break;
      }
      return found;
    },

    async resend(job) {
      const result = await resultOf(job);
      if (result === undefined) return undefined;
      const { id, event: fresh } = named(result, true);
      const event = await read(id);
      if (event?.status === 'pending') return event;
      await write(id, fresh);
      return fresh;
    },
  };
}

function loggedOf({ webhook_id, type, job, status, tries, at, ...event }: ExportEvent): LoggedEvent {
  const { next_try_at: next, last_try: last } = event;
  return {
    webhook_id,
    type,
    about: `${job.source}/${job.export_id}`,
    status,
    created_at: new Date(at),
    tries,
    ...(next !== undefined && { next_try_at: new Date(next) }),
    ...(last !== undefined && { last_try: { ...last, at: new Date(last.at) } }),
  };
}
