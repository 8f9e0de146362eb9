import { statSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { workerEnvironment } from '../demo/worker-process.js';
import { queueDepth } from '../demo/world.js';
import { awsClientOptions, createQueueWithDeadLetters } from '../stack/aws.js';
import type { Environment } from '../stack/folders.js';
import { createDiscoveryKeeper, type DiscoveryKeeper } from './discovery-keeper.js';
import type { FaultSite } from './faults/fault.js';
import { excusedErrors, type FaultKind } from './faults/index.js';
import { finishRun } from './finish-run.js';
import { startFleet, type Fleet } from './fleet.js';
import type { KillPoint } from './kill-points.js';
import { startInjector, type Injector } from './injector.js';
import { seedChaosNight, TEST_DATE } from './night.js';
import { countKinds, recoveryTimes, rounded, TELLING_EVENTS, type ChaosReport } from './report.js';
import { planFaults } from './schedule.js';
import { startServers, type Servers } from './servers.js';
import { judge, type Remains } from './verdict.js';

export interface ChaosOptions {
  command: string;
  records: number;
  seed: number;
  kinds: readonly FaultKind[];
  /** Faults begin within this; the run then goes on until everything has ended. */
  minutes: number;
  gapSeconds: number;
  workers: number;
  killPoints: readonly KillPoint[];
  /** Deliveries before a message becomes a dead letter. */
  maxReceiveCount: number;
  /** Compiled workers to run. */
  distFolder: string;
  /** Settings of the workers that this run needs otherwise. */
  settings: Readonly<Record<string, string>>;
  /** Servers' data and logs. */
  folder: string;
  environment: Environment;
  log: (line: string) => void;
}

/** Long enough for a batch under the slowest link, short enough that a killed worker's messages come back soon. */
const VISIBILITY_TIMEOUT_SECONDS = 8;

const WORKER_SETTINGS: Readonly<Record<string, string>> = {
  SQS_VISIBILITY_TIMEOUT_SECONDS: String(VISIBILITY_TIMEOUT_SECONDS),
  ...{ MAX_CONCURRENCY: '2', AUDIO_POOL_SIZE: '1' },
  // Every poll looks back over the whole night.
  WATERMARK_LOOKBACK_SECONDS: '86400',
  ...{ S3_TIMEOUT_SECONDS: '6', S3_SOCK_READ_TIMEOUT_SECONDS: '2', SHUTDOWN_GRACE_SECONDS: '3' },
};

/** Many small batches and pages: more edges to be killed at. A large night has enough of them, and should end. */
const SMALL_NIGHT_SETTINGS = { BATCH_SIZE: '25', DISCOVERY_BATCH_SIZE: '40', POLL_INTERVAL_SECONDS: '2' };
const LARGE_NIGHT_SETTINGS = { BATCH_SIZE: '50', DISCOVERY_BATCH_SIZE: '120', POLL_INTERVAL_SECONDS: '6' };
const LARGE_NIGHT_RECORDS = 4000;

/** Everything that must be ended again, in order. */
export interface ChaosRun {
  run(): Promise<ChaosReport>;
  stop(): Promise<void>;
}

/** Starts the servers; nothing is seeded and no worker started yet. */
export async function startChaos(options: ChaosOptions): Promise<ChaosRun> {
  const servers = await startServers(options.folder, options.environment);
  const held: { fleet?: Fleet; injector?: Injector } = {};
  return {
    run: () => runChaos(options, servers, held),
    async stop() {
      held.injector?.stop();
      await held.fleet?.close();
      await servers.stop();
    },
  };
}

async function runChaos(
  options: ChaosOptions,
  servers: Servers,
  held: { fleet?: Fleet; injector?: Injector },
): Promise<ChaosReport> {
  const { log, records, seed } = options;
  const { aws } = servers.endpoints();
  const sqs = new SQSClient(awsClientOptions(aws));
  const s3 = new S3Client({ ...awsClientOptions(aws), forcePathStyle: true });
  const queue = await createQueueWithDeadLetters(sqs, {
    ...{ name: 'chaos', visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS },
    ...{ maxReceiveCount: options.maxReceiveCount, fifo: false },
  });
  const csvPath = join(options.folder, 'output', 'results.csv');
  const taskQueue = 'chaos';
  const night = await seedChaosNight({
    ...{ records, seed, sqs, s3, bucket: aws.bucket, region: aws.region, csvPath, database: 'vachan' },
    queue: { ...queue, maxReceiveCount: options.maxReceiveCount },
    mongoUri: () => servers.endpoints().mongo.uri,
  });
  const fleet = startFleet({
    ...{ size: options.workers, distFolder: options.distFolder, folder: options.folder },
    env: {
      ...workerEnvironment(options.environment, servers.workerEnv, records),
      ...{
        SQS_QUEUE_URL: queue.queueUrl,
        TASK_QUEUE: taskQueue,
        SCRATCH_PATH: join(options.folder, 'scratch'),
      },
      ...WORKER_SETTINGS,
      ...(records < LARGE_NIGHT_RECORDS ? SMALL_NIGHT_SETTINGS : LARGE_NIGHT_SETTINGS),
      ...options.settings,
    },
  });
  held.fleet = fleet;
  const startedAtMs = Date.now();
  const since = (): number => (Date.now() - startedAtMs) / 1000;
  const finishedAt: number[] = [];
  fleet.onLine(({ event, atMs }) => {
    if (event === 'batch_processed') finishedAt.push((atMs - startedAtMs) / 1000);
  });
  const keeper = createDiscoveryKeeper({
    ...{ taskQueue, testDate: TEST_DATE },
    address: () => servers.endpoints().temporal?.address ?? '',
  });
  const planned = planFaults({
    ...{ seed, kinds: options.kinds, forSeconds: options.minutes * 60, gapSeconds: options.gapSeconds },
  });
  log(`Seed ${seed}: ${records} records, ${options.workers} workers, up to ${planned.length} faults.`);
  const injector = startInjector(
    planned,
    {
      ...faultSite(servers, fleet, night, keeper),
      killPoints: options.killPoints,
    },
    startedAtMs,
    log,
  );
  held.injector = injector;

  const depth = (): ReturnType<typeof queueDepth> => queueDepth(sqs, queue.queueUrl);
  const progress = async (): Promise<string> => {
    const dead = await queueDepth(sqs, queue.deadLetterQueueUrl);
    const { discovery } = await keeper.status();
    return JSON.stringify([statSync(csvPath, { throwIfNoEntry: false })?.size, dead, discovery.enqueued]);
  };
  const finished = await finishRun({
    ...{ night, keeper, injector, depth, progress, log },
    hopeless: fleet.hopeless,
  });
  const runSeconds = since();
  if (!finished) log('Nothing gets done any more; what is left counts as lost.');
  await fleet.close();
  const remains = await night.read();
  sqs.destroy();
  s3.destroy();
  const injected = injector.injected();
  const complaints = judge(night.ledger, remains, excusedErrors(injected.map(({ kind }) => kind)));
  const counts = fleet.counts();
  return {
    ...{ command: options.command, seed, records, workers: options.workers },
    faults: countKinds(injected),
    faults_injected: injected.length,
    kills: injected.filter(({ kind }) => kind.startsWith('kill_')).length,
    redeliveries: redeliveriesIn(remains),
    results: remains.results.length,
    csv_rows: remains.csvRows.length,
    dead_letters: remains.deadLetters.length,
    worker_starts: fleet.started(),
    discovery_starts: keeper.starts(),
    run_seconds: rounded(runSeconds),
    seconds_after_last_fault: rounded(runSeconds - Math.max(0, ...injected.map(({ to_seconds: to }) => to))),
    recovery_seconds: recoveryTimes(injected, finishedAt),
    events: Object.fromEntries(TELLING_EVENTS.map((event) => [event, counts[event] ?? 0])),
    lost: complaints.lost.length,
    doubled: complaints.doubled.length,
    wrong: complaints.wrong.length,
    complaints,
    injected,
  };
}

function faultSite(
  servers: Servers,
  fleet: Fleet,
  night: Awaited<ReturnType<typeof seedChaosNight>>,
  keeper: DiscoveryKeeper,
): Omit<FaultSite, 'killPoints'> {
  // While another fault keeps Temporal down, this one waits.
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let left = 20; ; left -= 1) {
      try {
        return await work();
      } catch (error) {
        if (left === 0) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };
  return {
    ...{ servers, fleet, visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS },
    sendAgain: (random) => night.sendAgain(random),
    insertLateRows: () => night.insertLateRows(),
    terminateDiscovery: () => patiently(() => keeper.terminate()),
    startSecondDiscovery: () => patiently(() => keeper.startSecond()),
  };
}

function redeliveriesIn({ csvRows }: Remains): number {
  const last = new Map<string, number>();
  for (const row of csvRows) {
    if (row.processing_status === 'failed_pre_inference') continue;
    last.set(row.message_id, Math.max(last.get(row.message_id) ?? 1, Number(row.receive_count)));
  }
  return [...last.values()].reduce((sum, count) => sum + count - 1, 0);
}
