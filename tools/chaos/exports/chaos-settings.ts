import { exportsProcessEnvironment } from '../../demo/exports/exports-processes.js';
import type { Environment } from '../../stack/folders.js';

/**
 * Longer than it takes Temporal to notice that a process died (its last heartbeat, then 15 s in which nobody takes the next
 * attempt): what comes back sooner is still `busy`, and hidden for another minute.
 */
export const VISIBILITY_TIMEOUT_SECONDS = 40;

/** Settings under which faults of minutes show within seconds. */
const CHAOS_SETTINGS: Readonly<Record<string, string>> = {
  SQS_VISIBILITY_TIMEOUT_SECONDS: String(VISIBILITY_TIMEOUT_SECONDS),
  SHUTDOWN_GRACE_SECONDS: '3',
  EXPORT_HEARTBEAT: '1s',
  // A machine that is busy with other things is no lost host.
  EXPORT_HEARTBEAT_TIMEOUT: '10s',
  DOWNLOAD_TASKS_PLACES: '4',
  ...{ S3_TIMEOUT_SECONDS: '8', S3_SOCK_READ_TIMEOUT_SECONDS: '3' },
  ...{ EXPORT_API_TIMEOUT: '3s', EXPORT_DOWNLOAD_STALL: '3s', EXPORT_METADATA_GRACE: '1s' },
};

/** The environment of a process under fire. */
export function processEnvironment(
  inherited: Environment,
  env: Readonly<Record<string, string>>,
): Environment {
  return exportsProcessEnvironment(inherited, { ...CHAOS_SETTINGS, ...env });
}
