/** What became of one try to deliver an event, as activities tell it to the workflow that waits between tries. */
export type WebhookTry =
  | { outcome: 'delivered' }
  /** Another try follows. */
  | { outcome: 'failed'; wait_ms: number }
  /** That was the last: none is left, or the receiver is gone. */
  | { outcome: 'undelivered' }
  /** It is not to be sent any more: a newer event stands in its place, or it was erased. */
  | { outcome: 'dropped' };

/** An event that waits to be delivered. */
export interface WaitingEvent {
  event_id: string;
  /** Until the next try; 0 where it is due. */
  wait_ms: number;
}
