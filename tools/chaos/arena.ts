import { statSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { QueueDepth } from '#vachan/contract/backlog.js';
import { workerEnvironment } from '../demo/worker-process.js';
import { queueDepth } from '../demo/world.js';
import { awsClientOptions, createQueueWithDeadLetters } from '../stack/aws.js';
import type { Environment } from '../stack/folders.js';
import { createDiscoveryKeeper, type DiscoveryKeeper } from './discovery-keeper.js';
import type { FaultSite } from './faults/fault.js';
import { startFleet, type Fleet } from './fleet.js';
import { seedChaosNight, TEST_DATE, type ChaosNight } from './night.js';
import type { Servers } from './servers.js';

export interface ArenaOptions {
  /** Keeps arenas on the same servers apart. @default chaos */
  name?: string;
  records: number;
  seed: number;
  workers: number;
  /** Deliveries before a message becomes a dead-letter message. */
  maxReceiveCount: number;
  /** Compiled workers to run. */
  distFolder: string;
  /** Settings of the workers that this run needs otherwise. */
  settings: Readonly<Record<string, string>>;
  /** Servers' data and logs. */
  folder: string;
  environment: Environment;
  /** Of the sound rows, how many come later. @default 0.3 */
  lateShare?: number;
  /** Of the main discovery. @default the server's own */
  historyEventLimit?: number;
}

/** A seeded night, the workers that score it, and all that looks after them. */
export interface Arena {
  night: ChaosNight;
  fleet: Fleet;
  keeper: DiscoveryKeeper;
  depth: () => Promise<QueueDepth>;
  /** Changes with everything that gets done. */
  progress: () => Promise<string>;
  site: Omit<FaultSite, 'killPoints'>;
  /** Ends the workers; what they have left can still be read. */
  close(): Promise<void>;
}

/** Long enough for a batch under the slowest link, short enough that a killed worker's messages come back soon. */
const VISIBILITY_TIMEOUT_SECONDS = 8;

const WORKER_SETTINGS: Readonly<Record<string, string>> = {
  SQS_VISIBILITY_TIMEOUT_SECONDS: String(VISIBILITY_TIMEOUT_SECONDS),
  AUDIO_POOL_SIZE: '1',
  // Every poll looks back over the whole night.
  WATERMARK_LOOKBACK_SECONDS: '86400',
  ...{ S3_TIMEOUT_SECONDS: '6', S3_SOCK_READ_TIMEOUT_SECONDS: '2', SHUTDOWN_GRACE_SECONDS: '3' },
};

/** Many small batches and pages: more edges to be killed at. A large night has enough of them, and should end. */
const SMALL_NIGHT_SETTINGS = {
  BATCH_SIZE: '25',
  MAX_CONCURRENCY: '2',
  DISCOVERY_BATCH_SIZE: '40',
  POLL_INTERVAL_SECONDS: '2',
};
const LARGE_NIGHT_SETTINGS = {
  ...{ BATCH_SIZE: '100', MAX_CONCURRENCY: '3', DISCOVERY_BATCH_SIZE: '300', POLL_INTERVAL_SECONDS: '6' },
  // A fault of S3 lasts seconds: it must not use up all deliveries of a message.
  ...{ SQS_RETRY_DELAY_SECONDS: '2', SQS_RETRY_DELAY_MAX_SECONDS: '10' },
};
const LARGE_NIGHT_RECORDS = 4000;

/** Seeds the night and starts the workers. */
export async function startArena(options: ArenaOptions, servers: Servers): Promise<Arena> {
  const { records, seed, name = 'chaos' } = options;
  const { aws } = servers.endpoints();
  const sqs = new SQSClient(awsClientOptions(aws));
  const s3 = new S3Client({ ...awsClientOptions(aws), forcePathStyle: true });
  const queue = await createQueueWithDeadLetters(sqs, {
    ...{ name, visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS },
    ...{ maxReceiveCount: options.maxReceiveCount, fifo: false },
  });
  const csvPath = join(options.folder, 'output', 'results.csv');
  const night = await seedChaosNight({
    ...{ records, seed, sqs, s3, bucket: aws.bucket, region: aws.region, csvPath, database: name },
    queue: { ...queue, maxReceiveCount: options.maxReceiveCount },
    mongoUri: () => servers.endpoints().mongo.uri,
    ...(options.lateShare !== undefined && { lateShare: options.lateShare }),
  });
  const fleet = startFleet({
    ...{ size: options.workers, distFolder: options.distFolder, folder: options.folder },
    env: {
      ...workerEnvironment(options.environment, servers.workerEnv, records),
      ...{ SQS_QUEUE_URL: queue.queueUrl, TASK_QUEUE: name, MONGO_DB_NAME: name, CSV_OUTPUT_PATH: csvPath },
      SCRATCH_PATH: join(options.folder, 'scratch'),
      ...WORKER_SETTINGS,
      ...(records < LARGE_NIGHT_RECORDS ? SMALL_NIGHT_SETTINGS : LARGE_NIGHT_SETTINGS),
      ...options.settings,
    },
  });
  const keeper = createDiscoveryKeeper({
    ...{ taskQueue: name, testDate: TEST_DATE, historyEventLimit: options.historyEventLimit },
    address: () => servers.endpoints().temporal?.address ?? '',
  });
  return {
    ...{ night, fleet, keeper },
    depth: () => queueDepth(sqs, queue.queueUrl),
    async progress() {
      const dead = await queueDepth(sqs, queue.deadLetterQueueUrl);
      const { discovery } = await keeper.status();
      return JSON.stringify([statSync(csvPath, { throwIfNoEntry: false })?.size, dead, discovery.enqueued]);
    },
    site: faultSite(servers, fleet, night, keeper),
    close: () => fleet.close(),
  };
}

function faultSite(
  servers: Servers,
  fleet: Fleet,
  night: ChaosNight,
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
