import { decimal, integer } from '../../../platform/config/setting.js';

/** How recordings are put together, and how many at once. */
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
} as const;
