import { DOWNLOAD_DEFAULTS as DOWNLOADS } from '../../../objects/download/download-options.js';
import { decimal, integer } from '../setting.js';

const seconds = (ms: number): string => String(ms / 1000);

/** Batches and the download of their recordings. */
export const BATCH_SETTINGS = {
  BATCH_SIZE: integer({ min: 1, max: 1000 }, { default: '100', about: 'Recordings a batch.' }),
  MAX_BATCH_WAIT_SECONDS: decimal(
    { min: 0, max: 300 },
    { default: '5', about: 'How long a batch that is not full waits for more messages.' },
  ),
  MAX_CONCURRENCY: integer(
    { min: 1, max: 64 },
    { default: '4', about: 'Batches at once in this inference process; a run may ask for fewer of each.' },
  ),
  DOWNLOAD_MAX_CONCURRENCY: integer(
    { min: 1, max: 256 },
    { default: String(DOWNLOADS.maxConcurrency), about: 'Downloads at once in one process.' },
  ),
  S3_CONNECT_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 300 },
    { default: seconds(DOWNLOADS.connectTimeoutMs), about: 'Bounds connecting.' },
  ),
  S3_SOCK_READ_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 300 },
    {
      default: seconds(DOWNLOADS.silenceTimeoutMs),
      about: 'Bounds the silence between two pieces of a download.',
    },
  ),
  S3_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 3600 },
    {
      default: seconds(DOWNLOADS.attemptTimeoutMs),
      about: 'Bounds one attempt in all, also at writing a CSV object.',
    },
  ),
  S3_MAX_RETRIES: integer(
    { min: 0, max: 20 },
    { default: String(DOWNLOADS.maxRetries), about: 'Further attempts after the first.' },
  ),
  S3_RETRY_BACKOFF_SECONDS: decimal(
    { min: 0, max: 60 },
    {
      default: seconds(DOWNLOADS.backoffBaseMs),
      about: 'Base of the exponential, fully jittered pause between attempts.',
    },
  ),
} as const;
