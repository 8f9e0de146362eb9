import { AWS_SETTINGS } from './settings/aws-settings.js';
import { OBSERVABILITY_SETTINGS } from './settings/observability-settings.js';
import { PROCESS_SETTINGS } from './settings/process-settings.js';
import { QUEUE_SETTINGS } from './settings/queue-settings.js';
import { S3_SETTINGS } from './settings/s3-settings.js';
import { TEMPORAL_SETTINGS } from './settings/temporal-settings.js';
import { WEBHOOK_SETTINGS } from './settings/webhook-settings.js';
import { together, type SettingsOf } from './settings-table.js';

/** What every process takes, whichever pipelines it serves, in the order in which docs/configuration.md lists it. */
export const BASE_SETTING_GROUPS = {
  'The process': PROCESS_SETTINGS,
  Temporal: TEMPORAL_SETTINGS,
  AWS: AWS_SETTINGS,
  'Leases and retries of messages': QUEUE_SETTINGS,
  S3: S3_SETTINGS,
  Webhooks: WEBHOOK_SETTINGS,
  'Health, metrics and traces': OBSERVABILITY_SETTINGS,
};
export const BASE_SETTINGS = together(BASE_SETTING_GROUPS);

/** Each part takes the ones that it needs: `Pick<BaseSettings, 'TASK_QUEUE'>`. */
export type BaseSettings = SettingsOf<typeof BASE_SETTINGS>;
