import { duration } from '../../../platform/config/duration-setting.js';
import { integer, list, timeZone, url } from '../../../platform/config/setting.js';
import { keyPattern } from './key-pattern-setting.js';

/** Where jobs come from, and what of them may be read. */
export const INTERVIEW_JOB_SETTINGS = {
  INTERVIEW_BUCKETS: list({
    required: true,
    about: 'Buckets that media may be read from; a job that names another one fails as InvalidJob.',
  }),
  INTERVIEW_JOBS_QUEUE_URL: url(
    {
      about:
        'Queue whose messages bring jobs or tell of objects (events of S3, also inside SNS or EventBridge). Unset: jobs come by the collection and by HTTP.',
    },
    ['http', 'https'],
  ),
  INTERVIEW_KEY_PATTERN: keyPattern({
    about:
      'By it the key of a new object makes a job of the interview and the type that the groups name. Unset: an event of S3 only wakes jobs that are known.',
  }),
  QUEUE_CHECK_INTERVAL: integer(
    { min: 1, max: 3600 },
    {
      default: '30',
      about:
        'Seconds between two looks at the collection for new jobs; beside a live change stream a look every 5 minutes is enough.',
    },
  ),
  READINESS_DEADLINE: duration(
    { min: '1s', max: '30d' },
    { default: '24h', about: 'How long an object may take to be there before its job fails.' },
  ),
  READINESS_CHECK_INTERVAL: duration(
    { min: '1s', max: '1h' },
    {
      default: '30s',
      about:
        'Pause between two looks for an object that is not there yet, and at one whose size may still change; four times as long after an hour.',
    },
  ),
  JOB_TIMEOUT: integer(
    { min: 1, max: 86_400 },
    {
      default: '3600',
      about:
        'Seconds that one attempt at a job may work, unless the job says otherwise; then it is tried again.',
    },
  ),
  JOB_RETRY_DELAY: duration(
    { min: '1s', max: '1d' },
    { default: '5m', about: 'Pause before a job whose trouble may pass is tried again, three times in all.' },
  ),
  INTERVIEW_SWEEP_INTERVAL: duration(
    { min: '10s', max: '1d' },
    {
      default: '10m',
      about: 'How often jobs without a workflow, and interviews without their event, are looked for.',
    },
  ),
  INTERVIEW_STUCK_AFTER: duration(
    { min: '1s', max: '7d' },
    {
      default: '2h',
      about:
        'Time in process after which the sweep asks Temporal whether a job still has its workflow; one that has is left alone, however long it takes.',
    },
  ),
  STATS_TIME_ZONE: timeZone({ default: 'UTC', about: 'Where the day of `jobs_processed_today` begins.' }),
} as const;
