import { duration } from '../../../platform/config/duration-setting.js';
import { integer, url } from '../../../platform/config/setting.js';

const QUEUE_PROTOCOLS = ['http', 'https'];

/** The two queues: what is to be exported, and what is to be downloaded for it. */
export const EXPORT_QUEUE_SETTINGS = {
  EXPORT_JOBS_QUEUE_URL: url(
    { required: true, about: 'Queue whose messages name the exports to process.' },
    QUEUE_PROTOCOLS,
  ),
  DOWNLOAD_TASKS_QUEUE_URL: url(
    { required: true, about: 'Queue of download tasks, which orchestrators fill and workers empty.' },
    QUEUE_PROTOCOLS,
  ),
  DOWNLOAD_TASKS_QUEUE_URL_HIGH: url(
    {
      about:
        'Queue of tasks of jobs with priority high, read eight times as often as that of low ones; unset: their listing alone comes first.',
    },
    QUEUE_PROTOCOLS,
  ),
  DOWNLOAD_TASKS_QUEUE_URL_LOW: url(
    { about: 'Queue of tasks of jobs with priority low; unset: their listing alone comes last.' },
    QUEUE_PROTOCOLS,
  ),
} as const;

/** How long a job may take, and how its tasks are spread. */
export const EXPORT_JOB_SETTINGS = {
  EXPORT_READY_DEADLINE: duration(
    { min: '1s', max: '30d' },
    {
      default: '24h',
      about:
        'How long an export may take to become ready before its job fails as not_ready_in_time (services drop theirs after a day or so).',
    },
  ),
  EXPORT_JOB_PLACES: integer(
    { min: 1, max: 256 },
    {
      default: '16',
      about:
        'Messages of EXPORT_JOBS_QUEUE_URL that one orchestrator handles at once; each only starts workflows.',
    },
  ),
} as const;

/** One worker process: how many files at once, and when it lets go of one. */
export const EXPORT_WORK_SETTINGS = {
  DOWNLOAD_TASKS_PLACES: integer(
    { min: 1, max: 64 },
    {
      default: '4',
      about: 'Download tasks at once in one worker process: two for each of the 2 vCPU that a worker has.',
    },
  ),
  EXPORT_BUFFER_BYTES: integer(
    { min: 33_554_432, max: 17_179_869_184 },
    {
      default: '134217728',
      about:
        'Bytes that all tasks of one process hold in memory at once (128 MiB: sixteen parts of 8 MiB); taken before anything is read.',
    },
  ),
  EXPORT_YIELD_AFTER: duration(
    { min: '1s', max: '11h' },
    {
      default: '11h',
      about:
        'When a task that still runs is given back to the queue, with its progress kept: a receive of SQS ends after 12 hours for good.',
    },
  ),
  EXPORT_HEARTBEAT: duration(
    { min: '1s', max: '10m' },
    {
      default: '15s',
      atMost: 'EXPORT_HEARTBEAT_TIMEOUT',
      about: 'How often a running task says that it lives; on Temporal Cloud each word is billed.',
    },
  ),
  EXPORT_HEARTBEAT_TIMEOUT: duration(
    { min: '2s', max: '30m' },
    {
      default: '45s',
      about: 'Silence after which its process counts as lost: two words may be late, the third is missed.',
    },
  ),
} as const;
