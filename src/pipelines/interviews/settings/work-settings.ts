import { duration } from '../../../platform/config/duration-setting.js';
import { flag, integer } from '../../../platform/config/setting.js';

/** One worker process: how many jobs at once, and how a medium is read. */
export const INTERVIEW_WORK_SETTINGS = {
  MAX_CONCURRENT_JOBS: integer(
    { min: 1, max: 64 },
    { default: '3', about: 'Jobs at once in one worker process (4 for 8 GB of memory, 6 for 16 GB).' },
  ),
  ENABLE_MEMORY_MONITORING: flag({
    default: 'true',
    about: 'Take no further job while this process group is short of memory.',
  }),
  MEMORY_THRESHOLD_PERCENT: integer(
    { min: 10, max: 100 },
    {
      default: '85',
      about:
        'Share of the memory limit, of what cannot be given back (page cache can), above which no further job is taken.',
    },
  ),
  ENABLE_STREAMING_PROCESSING: flag({
    default: 'true',
    about: 'Read media by ranges; false downloads each into SCRATCH_PATH first.',
  }),
  STREAMING_CHUNK_SIZE_MB: integer(
    { min: 1, max: 1024 },
    {
      default: '20',
      about:
        'Size of a time chunk of a large video at most: as long as so many megabytes last at its mean bit rate. It is at most an eighth of the video, and at least INTERVIEW_CHUNK_LEAST.',
    },
  ),
  INTERVIEW_CHUNK_LEAST: duration(
    { min: '1s', max: '1h' },
    {
      default: '60s',
      about:
        'Least length of a time chunk: each decodes from the keyframe before it, which costs 10 to 16 % at 60 s.',
    },
  ),
  CHUNKED_FILE_SIZE_THRESHOLD_MB: integer(
    { min: 0, max: 1_048_576 },
    { default: '50', about: 'Videos above it are analysed in time chunks, by any of the worker processes.' },
  ),
  INTERVIEW_HEARTBEAT_TIMEOUT: duration(
    { min: '5s', max: '10m' },
    { default: '30s', about: 'Silence after which the process that works on a job counts as lost.' },
  ),
} as const;
