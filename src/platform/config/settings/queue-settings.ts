import { choice, integer, list, text, url } from '../setting.js';

/** AWS and the queue between discovery and inference. */
export const QUEUE_SETTINGS = {
  AWS_REGION: text({ default: 'ap-south-1', about: 'Region of the queue and the buckets.' }),
  AWS_ENDPOINT_URL: url(
    {
      about:
        "The AWS SDK's own variable for another SQS and S3 (the embedded stack, LocalStack). Its host is the one plain-http, private address that audio may be read from.",
    },
    ['http', 'https'],
  ),
  SQS_QUEUE_URL: url({ required: true, about: 'Queue between discovery and inference.' }, ['http', 'https']),
  SQS_ALLOWED_QUEUE_URLS: list({
    default: '',
    about: 'Further queues that a run may name as its queue_url.',
  }),
  SQS_FIFO_GROUP_ID: text({
    about:
      'One message group for everything sent to a FIFO queue, which then gives out ten at a time and waits for one that failed. Unset: each recording is a group of its own.',
  }),
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
    { default: '30', about: 'Delay before a failed recording comes again; doubles with each receive.' },
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

  QUEUE_EMPTY_CONFIRM_SECONDS: integer(
    { min: 1, max: 3600 },
    {
      default: '60',
      about:
        'A run ends when the queue is found empty twice, this far apart: SQS counts lag by up to a minute behind its messages.',
    },
  ),
} as const;
