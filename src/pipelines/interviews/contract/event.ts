/** What the world is told of an interview; the `type` of a webhook. */
export const EVENT_TYPES = {
  /** All jobs have ended, and at least one has a result. */
  completed: 'interview.completed',
  /** All jobs have ended, and none has a result. */
  failed: 'interview.failed',
  /** One job has failed for good, whatever becomes of the others. */
  jobFailed: 'interview.job_failed',
} as const;
export type InterviewEventType = (typeof EVENT_TYPES)[keyof typeof EVENT_TYPES];

/**
 * `pending`: is being delivered. `superseded`: a newer event took its place before it was delivered. `undelivered`: every
 * try failed, or the receiver is gone. `unsent`: there was no endpoint to send it to.
 */
export type InterviewEventStatus = 'pending' | 'delivered' | 'superseded' | 'undelivered' | 'unsent';

/** A document of `INTERVIEW_EVENTS_COLLECTION`, its `_id` as hex digits. */
export interface InterviewEvent {
  event_id: string;
  interview_id: string;
  /** Counts the events of an interview, from 1. */
  revision: number;
  type: InterviewEventType;
  /** Of `interview.job_failed`. */
  job_id?: string;
  /** Tells whether the same was told before: which jobs have ended how. */
  state: string;
  /** The receiver sees it once, however often the event is sent. */
  webhook_id: string;
  /** What is sent: ids, counts and links, and never a measure. */
  data: Readonly<Record<string, unknown>>;
  status: InterviewEventStatus;
  created_at: Date;
  updated_at: Date;
  tries: number;
  /** While it waits for another try. */
  next_try_at?: Date;
  last_try?: { at: Date; http_status?: number; problem?: string };
}
