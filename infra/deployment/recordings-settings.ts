import { RECORDINGS_SETTINGS } from '../../src/pipelines/recordings/settings/index.js';
import type { RecordingsDeployment } from './deployment.js';
import { plainSettings, type PipelineSettings } from './worker-settings.js';

/** What both services of recordings are told, besides addresses of resources and secrets. */
export function plainRecordingsSettings(deployment: RecordingsDeployment): Record<string, string> {
  return plainSettings(deployment, deployment.settings, {
    MONGO_DB_NAME: deployment.mongo.db_name,
    DISCOVERY_SOURCE_TYPE: deployment.postgres === undefined ? 'mongo' : 'postgres',
    AUDIO_ALLOWED_BUCKETS: deployment.recordings.bucket_names.join(','),
  });
}

/** Recordings' services, as a deployment file has them. */
export function recordingsSettings(
  deployment: RecordingsDeployment,
): PipelineSettings<typeof RECORDINGS_SETTINGS> {
  return {
    table: RECORDINGS_SETTINGS,
    at: '',
    settings: deployment.settings,
    secretSettings: deployment.secret_settings,
    environment: {
      ...plainRecordingsSettings(deployment),
      SQS_QUEUE_URL: 'https://queue.invalid/queue',
      MONGO_URI: 'mongodb://mongo.invalid',
      POSTGRES_DSN: 'postgres://postgres.invalid',
    },
    setByTheStack: [
      'SQS_QUEUE_URL',
      'SQS_ALLOWED_QUEUE_URLS',
      'MONGO_URI',
      'MONGO_DB_NAME',
      'DISCOVERY_SOURCE_TYPE',
      'POSTGRES_DSN',
      'AUDIO_ALLOWED_BUCKETS',
      'CSV_OUTPUT_PATH',
    ],
  };
}
