import type { ObjectId } from 'mongodb';
import { webhookId, type WebhookEvent } from '../../../webhook/event.js';
import type { InterviewEvent } from '../contract/event.js';

/** As MongoDB has it. */
export interface EventDocument extends Omit<InterviewEvent, 'event_id' | 'webhook_id'> {
  _id: ObjectId;
  /** What newer events supersede older ones of: the interview as a whole, or one job of it. */
  subject: string;
}

/** The subject of events about all jobs of an interview. */
export const WHOLE_INTERVIEW = 'interview';

export function eventOf({ _id, subject: _subject, ...event }: EventDocument): InterviewEvent {
  const eventId = _id.toHexString();
  return { ...event, event_id: eventId, webhook_id: webhookId(`interview-event:${eventId}`) };
}

/** What is sent of an event; the same in every try. */
export function sentOf({ webhook_id, type, created_at, data }: InterviewEvent): WebhookEvent {
  return { id: webhook_id, type, at: created_at, data };
}
