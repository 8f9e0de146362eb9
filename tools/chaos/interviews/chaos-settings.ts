import { interviewsProcessEnvironment } from '../../demo/interviews/interviews-processes.js';
import type { Environment } from '../../stack/folders.js';

/** Long enough that what comes late is in time although the store was away; what never comes is waited for so long. */
export const READINESS_DEADLINE_SECONDS = 150;
/** Longer than a machine that is busy with other things is silent. */
export const HEARTBEAT_TIMEOUT_SECONDS = 15;

/** Settings under which faults of minutes show within seconds, and a fifth of the videos is cut in time. */
const CHAOS_SETTINGS: Readonly<Record<string, string>> = {
  SHUTDOWN_GRACE_SECONDS: '3',
  READINESS_DEADLINE: `${READINESS_DEADLINE_SECONDS}s`,
  INTERVIEW_HEARTBEAT_TIMEOUT: `${HEARTBEAT_TIMEOUT_SECONDS}s`,
  JOB_RETRY_DELAY: '2s',
  JOB_TIMEOUT: '300',
  INTERVIEW_SWEEP_INTERVAL: '20s',
  CHUNKED_FILE_SIZE_THRESHOLD_MB: '1',
  STREAMING_CHUNK_SIZE_MB: '1',
  INTERVIEW_CHUNK_LEAST: '4s',
  INTERVIEW_TRANSCRIBER: 'off',
  // Until it is delivered: a receiver that is away is no reason for an event to be undelivered here.
  WEBHOOK_RETRY_DELAYS: Array.from({ length: 30 }, (_, at) => (at < 3 ? '1s' : '5s')).join(','),
  WEBHOOK_TIMEOUT: '3s',
  ...{ S3_TIMEOUT_SECONDS: '8', S3_SOCK_READ_TIMEOUT_SECONDS: '3' },
};

/** The environment of a process under fire. */
export function processEnvironment(
  inherited: Environment,
  env: Readonly<Record<string, string>>,
): Environment {
  return interviewsProcessEnvironment(inherited, { ...CHAOS_SETTINGS, ...env });
}
