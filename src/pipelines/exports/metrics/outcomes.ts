/** How the delivery of a message can end, of both queues. */
export const MESSAGE_OUTCOMES = [
  'started',
  'known',
  'settled',
  'cancelled',
  'redriven',
  'busy',
  'yielded',
  'gave_up',
  'waits_for_end',
  'malformed',
  'ignored',
  'failed',
  'lost',
] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];

/** Those after which the message is gone. */
export const DELETED: readonly MessageOutcome[] = [
  'started',
  'known',
  'settled',
  'cancelled',
  'redriven',
  'malformed',
  'ignored',
];
