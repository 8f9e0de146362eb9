import type { DeliveryStore } from '../../../webhook/deliver.js';
import type { WhichEvents } from './events-to-resend.js';
import type { InterviewEvent, InterviewEventType } from '../contract/event.js';

/** What is to be told. */
export interface NewEvent {
  interview_id: string;
  type: InterviewEventType;
  job_id?: string;
  /** The same state of the same interview (or job) is told once. */
  state: string;
  data: Readonly<Record<string, unknown>>;
}

/** The events of interviews. All writes are acknowledged by a majority. @throws DependencyUnavailable */
export interface InterviewEvents extends DeliveryStore {
  /**
   * Writes an event before it is sent for the first time. One that says the same as an earlier event is not written again,
   * and a newer one of the same interview (or of the same job) supersedes what was not delivered yet.
   *
   * @param sendable false where there is no endpoint: the event is kept as `unsent`
   */
  record(event: NewEvent, sendable: boolean): Promise<InterviewEvent>;
  /** Of an interview, the newest first. */
  of(interviewId: string): Promise<InterviewEvent[]>;
  /** Of all interviews, the newest first. */
  latest(query: { limit: number; status?: InterviewEvent['status'] }): Promise<InterviewEvent[]>;
  /**
   * Makes events wait for delivery again, or no longer, as a person asks.
   *
   * @returns those that are sent again
   */
  resend(interviewId: string, which?: WhichEvents): Promise<InterviewEvent[]>;
  /** Erases an interview's. @returns how many */
  deleteOf(interviewId: string): Promise<number>;
  /**
   * Interviews that have ended in the last days, and whose last event does not say so; and those with an event that waits
   * to be delivered. @returns a job of each
   */
  untold(): Promise<string[]>;
  ensureIndexes(): Promise<void>;
}
