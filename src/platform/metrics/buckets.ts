/** Upper bounds in seconds of a whole batch's stage: a look-up takes milliseconds, downloads of 1,000 files minutes. */
export const BATCH_STAGE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Of one record's stage: decoding takes tens of milliseconds, a download with all its retries a minute. */
export const RECORD_STAGE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Of what a message waits in SQS: seconds in a small run, hours in a large one, days when nobody worked. */
export const AGE_SECONDS = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 345_600];
