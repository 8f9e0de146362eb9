import { AUDIO_SETTINGS } from '#vachan/pipelines/recordings/settings/audio-settings.js';
import { BATCH_SETTINGS } from '#vachan/pipelines/recordings/settings/batch-settings.js';
import { DISCOVERY_SETTINGS } from '#vachan/pipelines/recordings/settings/discovery-settings.js';
import { MODEL_SETTINGS } from '#vachan/pipelines/recordings/settings/model-settings.js';
import { RECORDINGS_QUEUE_SETTINGS } from '#vachan/pipelines/recordings/settings/queue-settings.js';
import { RESULTS_SETTINGS } from '#vachan/pipelines/recordings/settings/results-settings.js';
import { SOURCE_SETTINGS } from '#vachan/pipelines/recordings/settings/source-settings.js';
import { AWS_SETTINGS } from '#vachan/platform/config/settings/aws-settings.js';
import { MONGO_SETTINGS } from '#vachan/platform/config/settings/mongo-settings.js';
import { OBSERVABILITY_SETTINGS } from '#vachan/platform/config/settings/observability-settings.js';
import { PROCESS_SETTINGS } from '#vachan/platform/config/settings/process-settings.js';
import { QUEUE_SETTINGS } from '#vachan/platform/config/settings/queue-settings.js';
import { S3_SETTINGS } from '#vachan/platform/config/settings/s3-settings.js';
import { TEMPORAL_SETTINGS } from '#vachan/platform/config/settings/temporal-settings.js';
import type { SettingsTable } from '#vachan/platform/config/settings-table.js';

/** Who takes some settings, and what each of their tables is about. */
export interface Section {
  title: string;
  tables: readonly { title: string; settings: SettingsTable }[];
}

/** All settings as docs/configuration.md and `.env.example` list them: the base's first, then each pipeline's. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Every process',
    tables: [
      { title: 'The process', settings: PROCESS_SETTINGS },
      { title: 'Temporal', settings: TEMPORAL_SETTINGS },
      { title: 'AWS', settings: AWS_SETTINGS },
      { title: 'Leases and retries of messages', settings: QUEUE_SETTINGS },
      { title: 'S3', settings: S3_SETTINGS },
      { title: 'Health, metrics and traces', settings: OBSERVABILITY_SETTINGS },
    ],
  },
  {
    title: 'Recordings',
    tables: [
      { title: 'Queue', settings: RECORDINGS_QUEUE_SETTINGS },
      { title: 'MongoDB', settings: MONGO_SETTINGS },
      { title: 'Source', settings: SOURCE_SETTINGS },
      { title: 'Results', settings: RESULTS_SETTINGS },
      { title: 'Discovery', settings: DISCOVERY_SETTINGS },
      { title: 'Batches', settings: BATCH_SETTINGS },
      { title: 'Audio', settings: AUDIO_SETTINGS },
      { title: 'Model', settings: MODEL_SETTINGS },
    ],
  },
];

/** The few that every user meets, which the README lists. */
export const MET_BY_ALL = [
  'SQS_QUEUE_URL',
  'MONGO_URI',
  'MONGO_SOURCE_COLLECTION',
  'DISCOVERY_SOURCE_TYPE',
  'AWS_REGION',
  'AUDIO_ALLOWED_BUCKETS',
  'CSV_OUTPUT_PATH',
  'SUBJECT_NAME',
  'TEST_DATE_TIME_ZONE',
  'SERVICE_MODE',
  'MAX_CONCURRENCY',
  'TASK_QUEUE',
] as const;
