import { integer, list, text, url } from '../../../platform/config/setting.js';

/** The queue between discovery and inference. */
export const RECORDINGS_QUEUE_SETTINGS = {
  SQS_QUEUE_URL: url({ required: true, about: 'Queue between discovery and inference.' }, ['http', 'https']),
  SQS_ALLOWED_QUEUE_URLS: list({
    default: '',
    about: 'Further queues that a run may name as its queue_url.',
  }),
  SQS_FIFO_GROUP_ID: text({
    about:
      'One message group for everything sent to a FIFO queue, which then gives out ten at a time and waits for one that failed. Unset: each recording is a group of its own.',
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
