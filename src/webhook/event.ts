import { createHash } from 'node:crypto';

/** What a receiver is told. */
export interface WebhookEvent {
  /** The same in every try, by which a receiver that gets it twice stores it once. */
  id: string;
  /** What has happened, e.g. `thing.completed`. */
  type: string;
  /** When it happened; not when it is sent. */
  at: Date;
  /** Ids, counts and links; whoever may read more follows a link. */
  data: Readonly<Record<string, unknown>>;
}

/** The bytes of every try at an event are the same. */
export function bodyOf({ type, at, data }: WebhookEvent): string {
  return JSON.stringify({ type, timestamp: at.toISOString(), data });
}

const HEX_DIGITS = 32;

/** @param name of the event, where it is kept; the id tells nothing of it */
export function webhookId(name: string): string {
  return `evt_${createHash('sha256').update(name).digest('hex').slice(0, HEX_DIGITS)}`;
}
