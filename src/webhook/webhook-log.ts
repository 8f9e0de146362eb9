import type { EndpointStates } from './endpoint-states.js';

/** What became of one event, for people. */
export interface LoggedEvent {
  webhook_id: string;
  type: string;
  /** What it tells of, as the pipeline's commands take it. */
  about: string;
  status: 'pending' | 'delivered' | 'superseded' | 'undelivered' | 'unsent';
  created_at: Date;
  tries: number;
  next_try_at?: Date;
  last_try?: { at: Date; http_status?: number; problem?: string };
}

/** What a pipeline keeps of the events that it sends. */
export interface WebhookLog {
  endpoints: EndpointStates;
  /** The newest first. */
  latest(query: { limit: number; status?: LoggedEvent['status'] }): Promise<LoggedEvent[]>;
  close(): Promise<void>;
}
