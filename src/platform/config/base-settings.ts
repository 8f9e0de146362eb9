import { AWS_SETTINGS } from './settings/aws-settings.js';
import { OBSERVABILITY_SETTINGS } from './settings/observability-settings.js';
import { PROCESS_SETTINGS } from './settings/process-settings.js';
import { QUEUE_SETTINGS } from './settings/queue-settings.js';
import { S3_SETTINGS } from './settings/s3-settings.js';
import { TEMPORAL_SETTINGS } from './settings/temporal-settings.js';
import type { SettingsOf } from './settings-table.js';

/** What every process takes, whichever pipelines it serves, in the order in which docs/configuration.md lists it. */
export const BASE_SETTINGS = {
  ...PROCESS_SETTINGS,
  ...TEMPORAL_SETTINGS,
  ...AWS_SETTINGS,
  ...QUEUE_SETTINGS,
  ...S3_SETTINGS,
  ...OBSERVABILITY_SETTINGS,
} as const;

/** Each part takes the ones that it needs: `Pick<BaseSettings, 'TASK_QUEUE'>`. */
export type BaseSettings = SettingsOf<typeof BASE_SETTINGS>;
