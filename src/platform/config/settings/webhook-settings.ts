import { duration, durations } from '../duration-setting.js';
import { hosts } from '../host-setting.js';
import { signingSecrets } from '../secret-setting.js';
import { url } from '../setting.js';

/** Where events are sent, for pipelines that tell the world how something ended. */
export const WEBHOOK_SETTINGS = {
  WEBHOOK_URL: url(
    {
      // Many receivers know their senders by a token in it.
      secret: true,
      about:
        'Where events are posted, by Standard Webhooks 1.0.0; https, unless WEBHOOK_PRIVATE_HOSTS names its host. Unset: events are kept, and nothing is sent.',
    },
    ['http', 'https'],
  ),
  WEBHOOK_SECRET: signingSecrets({
    about: 'Secret that signs events, needed with WEBHOOK_URL; usually WEBHOOK_SECRET_FILE.',
  }),
  WEBHOOK_TIMEOUT: duration(
    { min: '1s', max: '1m' },
    {
      default: '15s',
      about:
        'Time for one try, until the receiver has answered: it should take an event now and work on it later.',
    },
  ),
  WEBHOOK_RETRY_DELAYS: durations(
    { min: '1s', max: '7d', most: 30 },
    {
      default: '5s,5m,30m,2h,5h,10h,14h,20h,24h',
      about:
        'Pauses between tries (the default is that of Standard Webhooks, three days in all); after the last an event is undelivered, and vachan can send it again.',
    },
  ),
  WEBHOOK_PRIVATE_HOSTS: hosts({
    default: '',
    about:
      'Hosts with their port (127.0.0.1:8080) that events may be sent to by plain http and on private addresses; empty allows public https alone.',
  }),
} as const;
