import { join } from 'node:path';
import { WORKER_NODE_FLAGS } from '#vachan/workers/node-flags.js';
import { projectRoot, type Environment } from '../stack/folders.js';
import { spawnGuarded, type GuardedProcess } from '../stack/guarded-process.js';

/** Settings under which a demo of a few hundred recordings shows everything within minutes, not hours. */
const DEMO_SETTINGS: Readonly<Record<string, string>> = {
  SERVICE_MODE: 'all',
  LOG_LEVEL: 'info',
  MAX_BATCH_WAIT_SECONDS: '1',
  // Failed recordings are redelivered within seconds, and the queue's counts lag behind nothing here.
  SQS_RETRY_DELAY_SECONDS: '1',
  SQS_RETRY_DELAY_MAX_SECONDS: '2',
  QUEUE_EMPTY_CONFIRM_SECONDS: '2',
  SHUTDOWN_GRACE_SECONDS: '5',
  HEALTH_PORT: '0',
};

/** Several batches at a few hundred records; a large demo shows the defaults. */
const SMALL_DEMO_SETTINGS = { BATCH_SIZE: '25', MAX_CONCURRENCY: '2' };
const SMALL_DEMO_RECORDS = 2000;

/** Settings of the application that a person may have exported and that the demo must decide for itself. */
const NOT_INHERITED =
  /^(AWS_|SQS_|MONGO_|POSTGRES_|S3_|AUDIO_|TEMPORAL_|CSV_|MAX_RECORDS|RESULT_ID_BASIS|SUBJECT_NAME)/;

/** The worker's environment: the demo's settings over the stack's, over what is no setting of Vachan's. */
export function workerEnvironment(
  inherited: Environment,
  stackEnv: Readonly<Record<string, string>>,
  records: number,
): Record<string, string | undefined> {
  const rest = Object.entries(inherited).filter(([name]) => !NOT_INHERITED.test(name));
  const small = records <= SMALL_DEMO_RECORDS ? SMALL_DEMO_SETTINGS : {};
  return { ...Object.fromEntries(rest), ...stackEnv, ...DEMO_SETTINGS, ...small };
}

/**
 * Starts `npm run worker`'s program; it ends with this process at the latest.
 *
 * @param of the project that it is of, and that one's flags; this one, unless named
 */
export function startWorkerProcess(
  env: Environment,
  folder: string,
  of: { root: string; flags: readonly string[] } = { root: projectRoot(), flags: WORKER_NODE_FLAGS },
): GuardedProcess {
  return spawnGuarded({
    name: 'The worker',
    command: process.execPath,
    args: [...of.flags, '--enable-source-maps', join(of.root, 'dist', 'workers', 'main.js')],
    logFile: join(folder, 'worker.log'),
    env,
    cwd: of.root,
  });
}
