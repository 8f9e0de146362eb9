import { randomBytes } from 'node:crypto';
import type { Environment } from '../../stack/folders.js';
import { KEY_PATTERN } from './plan-interviews.js';

/** Of `iv-never`: long enough that what comes late is in time on a slow machine, too. */
const READINESS_DEADLINE_SECONDS = 45;

/** Settings under which what takes minutes and hours shows within seconds. */
const DEMO_SETTINGS: Readonly<Record<string, string>> = {
  PIPELINES: 'interviews',
  LOG_LEVEL: 'info',
  HEALTH_PORT: '0',
  SHUTDOWN_GRACE_SECONDS: '3',
  QUEUE_CHECK_INTERVAL: '1',
  READINESS_DEADLINE: `${READINESS_DEADLINE_SECONDS}s`,
  READINESS_CHECK_INTERVAL: '1s',
  JOB_RETRY_DELAY: '3s',
  INTERVIEW_SWEEP_INTERVAL: '20s',
  INTERVIEW_SETTLE_SECONDS: '3',
  INTERVIEW_HEARTBEAT_TIMEOUT: '10s',
  INTERVIEW_KEY_PATTERN: KEY_PATTERN,
  MAX_CONCURRENT_JOBS: '2',
  WEBHOOK_RETRY_DELAYS: '2s,5s,10s,20s,20s,20s,20s,20s,20s,20s',
};

/** Settings of the application that a person may have exported and that the demo must decide for itself. */
const NOT_INHERITED =
  /^(AWS_|SQS_|MONGO_|POSTGRES_|S3_|TEMPORAL_|EXPORT_|INTERVIEW_|WEBHOOK_|QUEUE_|JOB_|READINESS_|PIPELINES|SERVICE_MODE|TASK_QUEUE|MAX_CONCURRENT_JOBS|CHUNKED_|STREAMING_|ENABLE_)/;

export const newWebhookSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

/** Where events go. */
export function tellingSettings(receiver: { url: string; secret: string }): Record<string, string> {
  return {
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: receiver.secret,
    WEBHOOK_PRIVATE_HOSTS: new URL(receiver.url).host,
  };
}

/** The environment of every process of the demo, but for its role. */
export function interviewsProcessEnvironment(
  inherited: Environment,
  env: Readonly<Record<string, string>>,
): Environment {
  const rest = Object.entries(inherited).filter(([name]) => !NOT_INHERITED.test(name));
  return { ...Object.fromEntries(rest), ...DEMO_SETTINGS, ...env };
}
