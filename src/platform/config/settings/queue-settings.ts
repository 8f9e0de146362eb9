import { choice, integer } from '../setting.js';

/** How messages are leased, tried again, and what becomes of those that cannot be read. */
export const QUEUE_SETTINGS = {
  SQS_VISIBILITY_TIMEOUT_SECONDS: integer(
    { min: 2, max: 43_200 },
    {
      default: '120',
      about:
        'How long a message stays hidden without a word from its worker; the lease extends it, so this is only how late a dead worker is noticed.',
    },
  ),
  SQS_RETRY_DELAY_SECONDS: integer(
    { min: 0, max: 43_200 },
    { default: '30', about: 'Delay before a failed message is redelivered; doubles with each receive.' },
  ),
  SQS_RETRY_DELAY_MAX_SECONDS: integer(
    { min: 0, max: 43_200 },
    { default: '900', about: 'Upper bound of that delay.' },
  ),
  MALFORMED_MESSAGES: choice(['delete', 'dead-letter'], {
    default: 'delete',
    about:
      "What becomes of a message that cannot be read, once it is logged: gone, or kept for a person in the queue's dead-letter queue, with the reason as an attribute.",
  }),
} as const;
