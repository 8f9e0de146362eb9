import { decimal, integer } from '../setting.js';

/** How hard S3 is tried for. A total of 3 s was the main cause of failures (seed 001): it bounds connecting and silence only. */
export const S3_SETTINGS = {
  DOWNLOAD_MAX_CONCURRENCY: integer(
    { min: 1, max: 256 },
    { default: '16', about: 'Downloads at once in one process.' },
  ),
  S3_CONNECT_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 300 },
    { default: '3', about: 'Bounds connecting.', atMost: 'S3_TIMEOUT_SECONDS' },
  ),
  S3_SOCK_READ_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 300 },
    { default: '3', about: 'Bounds the silence between two pieces of a download.' },
  ),
  S3_TIMEOUT_SECONDS: decimal(
    { min: 0.1, max: 3600 },
    { default: '15', about: 'Bounds one attempt in all, also at writing.' },
  ),
  S3_MAX_RETRIES: integer({ min: 0, max: 20 }, { default: '3', about: 'Further attempts after the first.' }),
  S3_RETRY_BACKOFF_SECONDS: decimal(
    { min: 0, max: 60 },
    { default: '0.5', about: 'Base of the exponential, fully jittered pause between attempts.' },
  ),
} as const;
