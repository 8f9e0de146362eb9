import { statSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { QueueDepth } from '#vachan/contract/backlog.js';
import { workerEnvironment } from '../../demo/worker-process.js';
import { queueDepth } from '../../demo/world.js';
import { awsClientOptions, createQueueWithDeadLetters } from '../../stack/aws.js';
import type { Environment } from '../../stack/folders.js';
import { createDiscoveryKeeper, type DiscoveryKeeper } from './discovery-keeper.js';
import type { RecordingsSite } from './faults/site.js';
import { startFleet, type Fleet } from '../fleet.js';
import type { BaseArenaOptions } from '../run-options.js';
import { seedRecordings, TEST_DATE, type ChaosRecordings } from './seed-recordings.js';
import type { Servers } from './servers.js';

export interface ArenaOptions extends BaseArenaOptions {
  /** Of the sound rows, how many come later. @default 0.3 */
  lateShare?: number;
  /** Of the main discovery. @default the server's own */
  historyEventLimit?: number;
}

/** Seeded recordings, the workers that score them, and all that looks after both. */
export interface Arena {
  recordings: ChaosRecordings;
  fleet: Fleet;
  keeper: DiscoveryKeeper;
  depth: () => Promise<QueueDepth>;
  /** Changes with everything that gets done. */
  progress: () => Promise<string>;
  site: Omit<RecordingsSite, 'killPoints'>;
  /** Ends the workers; what they have left can still be read. */
  close(): Promise<void>;
}

/** Long enough for a batch under the slowest link, short enough that a killed worker's messages come back soon. */
const VISIBILITY_TIMEOUT_SECONDS = 8;

const WORKER_SETTINGS: Readonly<Record<string, string>> = {
  SQS_VISIBILITY_TIMEOUT_SECONDS: String(VISIBILITY_TIMEOUT_SECONDS),
  AUDIO_POOL_SIZE: '1',
  // Every poll looks back over the whole run.
  WATERMARK_LOOKBACK_SECONDS: '86400',
  ...{ S3_TIMEOUT_SECONDS: '6', S3_SOCK_READ_TIMEOUT_SECONDS: '2', SHUTDOWN_GRACE_SECONDS: '3' },
};

/** Many small batches and pages: more edges to be killed at. A large run has enough of them, and should end. */
const SMALL_RUN_SETTINGS = {
  BATCH_SIZE: '25',
  MAX_CONCURRENCY: '2',
  DISCOVERY_BATCH_SIZE: '40',
  POLL_INTERVAL_SECONDS: '2',
};
const LARGE_RUN_SETTINGS = {
  ...{ BATCH_SIZE: '100', MAX_CONCURRENCY: '3', DISCOVERY_BATCH_SIZE: '300', POLL_INTERVAL_SECONDS: '6' },
  // A fault of S3 lasts seconds: it must not use up all deliveries of a message.
  ...{ SQS_RETRY_DELAY_SECONDS: '2', SQS_RETRY_DELAY_MAX_SECONDS: '10' },
};
const LARGE_RUN_RECORDS = 4000;

/** Seeds the recordings and starts the workers. */
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
  const recordings = await seedRecordings({
    ...{ records, seed, sqs, s3, bucket: aws.bucket, region: aws.region, csvPath, database: name },
    queue: { ...queue, maxReceiveCount: options.maxReceiveCount },
    mongoUri: () => servers.endpoints().mongo.uri,
    ...(options.lateShare !== undefined && { lateShare: options.lateShare }),
  });
  const env: Environment = {
    ...workerEnvironment(options.environment, servers.workerEnv, records),
    ...{ SQS_QUEUE_URL: queue.queueUrl, TASK_QUEUE: name, MONGO_DB_NAME: name, CSV_OUTPUT_PATH: csvPath },
    SCRATCH_PATH: join(options.folder, 'scratch'),
    ...WORKER_SETTINGS,
    ...(records < LARGE_RUN_RECORDS ? SMALL_RUN_SETTINGS : LARGE_RUN_SETTINGS),
    ...options.settings,
  };
  const fleet = startFleet({
    ...{ distFolder: options.distFolder, folder: options.folder },
    members: Array.from({ length: options.workers }, () => ({ name: 'worker', role: 'worker', env })),
  });
  const keeper = createDiscoveryKeeper({
    ...{ taskQueue: name, testDate: TEST_DATE, historyEventLimit: options.historyEventLimit },
    address: () => servers.endpoints().temporal?.address ?? '',
  });
  return {
    ...{ recordings, fleet, keeper },
    depth: () => queueDepth(sqs, queue.queueUrl),
    async progress() {
      const dead = await queueDepth(sqs, queue.deadLetterQueueUrl);
      const { discovery } = await keeper.status();
      return JSON.stringify([statSync(csvPath, { throwIfNoEntry: false })?.size, dead, discovery.enqueued]);
    },
    site: faultSite(servers, fleet, recordings, keeper),
    close: () => fleet.close(),
  };
}

function faultSite(
  servers: Servers,
  fleet: Fleet,
  recordings: ChaosRecordings,
  keeper: DiscoveryKeeper,
): Omit<RecordingsSite, 'killPoints'> {
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
    ...{ servers, links: servers.links, fleet, visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS },
    sendAgain: (random) => recordings.sendAgain(random),
    insertLateRows: () => recordings.insertLateRows(),
    terminateDiscovery: () => patiently(() => keeper.terminate()),
    startSecondDiscovery: () => patiently(() => keeper.startSecond()),
  };
}
