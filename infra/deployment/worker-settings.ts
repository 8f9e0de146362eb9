import { loadSettings } from '../../src/platform/config/load-settings.js';
import { ConfigurationError } from '../../src/platform/errors.js';
import type { Deployment } from './deployment.js';
import { BASE_SETTINGS } from '../../src/platform/config/base-settings.js';
import {
  RECORDINGS_SETTINGS,
  type RecordingsSettings,
} from '../../src/pipelines/recordings/settings/index.js';

/** The most that Fargate waits between SIGTERM and SIGKILL, and the notice that Spot gives. */
export const STOP_TIMEOUT_SECONDS = 120;

/** After the grace a worker gives batches back and closes its connections. */
const CLOSING_SECONDS = 10;

/** Longest drain that SIGKILL does not cut short. */
export const LONGEST_GRACE_SECONDS = STOP_TIMEOUT_SECONDS - CLOSING_SECONDS;

/** The port of health, metrics and the read-only API inside the task. */
export const WORKER_PORT = 8080;

/** The image's volume for audio in progress. */
export const SCRATCH_PATH = '/scratch';

/** Settings that come from resources, secrets or the image: a second value would be wrong. */
const SET_BY_THE_STACK = new Set([
  'SERVICE_MODE',
  'AWS_REGION',
  'AWS_ENDPOINT_URL',
  'SQS_QUEUE_URL',
  'SQS_ALLOWED_QUEUE_URLS',
  'MONGO_URI',
  'MONGO_DB_NAME',
  'DISCOVERY_SOURCE_TYPE',
  'POSTGRES_DSN',
  'AUDIO_ALLOWED_BUCKETS',
  'CSV_OUTPUT_PATH',
  'SCRATCH_PATH',
  'CLOUDWATCH_NAMESPACE',
  'HEALTH_HOST',
  'HEALTH_PORT',
]);

/** What both services are told, besides addresses of resources and secrets. */
export function plainSettings(deployment: Deployment): Record<string, string> {
  return {
    SHUTDOWN_GRACE_SECONDS: String(LONGEST_GRACE_SECONDS),
    ...deployment.settings,
    AWS_REGION: deployment.region,
    MONGO_DB_NAME: deployment.mongo.db_name,
    DISCOVERY_SOURCE_TYPE: deployment.postgres === undefined ? 'mongo' : 'postgres',
    AUDIO_ALLOWED_BUCKETS: deployment.recordings.bucket_names.join(','),
    SCRATCH_PATH,
    HEALTH_HOST: '0.0.0.0',
    HEALTH_PORT: String(WORKER_PORT),
  };
}

/**
 * The configuration that the workers will read, checked as they check it themselves: a typing error ends the synthesis
 * instead of every task that starts.
 */
export function workerConfiguration(
  deployment: Deployment,
): { configuration: RecordingsSettings } | { problems: string[] } {
  const problems = [
    ...Object.keys(deployment.settings).flatMap((name) => refusal('settings', name)),
    ...Object.keys(deployment.secret_settings).flatMap((name) => refusal('secret_settings', name)),
  ];
  try {
    const configuration = loadSettings(
      {
        ...plainSettings(deployment),
        // These are known when the stack is deployed.
        SQS_QUEUE_URL: 'https://queue.invalid/queue',
        MONGO_URI: 'mongodb://mongo.invalid',
        POSTGRES_DSN: 'postgres://postgres.invalid',
      },
      BASE_SETTINGS,
      RECORDINGS_SETTINGS,
    );
    return problems.length > 0 ? { problems } : { configuration };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [, ...wrong] = error.message.split('\n').map((line) => line.replace(/^ *- /, ''));
    return { problems: [...problems, ...wrong.map((line) => `settings: ${line}`)] };
  }
}

function refusal(field: 'settings' | 'secret_settings', name: string): string[] {
  if (SET_BY_THE_STACK.has(name)) return [`${field}.${name} is set by the stack; leave it out`];
  const known: Readonly<Record<string, { secret: boolean } | undefined>> = {
    ...BASE_SETTINGS,
    ...RECORDINGS_SETTINGS,
  };
  const setting = known[name];
  if (setting === undefined)
    return [`${field}.${name} is not a setting of the worker; docs/configuration.md lists them`];
  if (setting.secret && field === 'settings')
    return [`settings.${name} is a secret; put it in Secrets Manager and its ARN in secret_settings`];
  if (!setting.secret && field === 'secret_settings')
    return [`secret_settings.${name} is no secret; it belongs into settings`];
  return [];
}
