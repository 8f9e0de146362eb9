import { hostname } from 'node:os';
import { randomBytes } from 'node:crypto';
import type { ModelName } from '../audio/audio-engine.js';
import { createAudioFetcher, type FetchAudio, type FetchSettings } from '../audio/fetch-audio.js';
import type { PooledAudioEngine } from '../audio/pool/create-audio-engine.js';
import { startAudioEngine, type EngineSettings } from '../audio/start-audio-engine.js';
import { inferenceTaskQueue } from '../contract/names.js';
import type { RecordingsMetrics } from '../metrics/recordings-metrics.js';
import { createCsvDestination } from '../results/csv/create-csv-destination.js';
import type { CsvDestination } from '../results/csv/csv-destination.js';
import type { RecordingsSettings } from '../settings/index.js';
import type { HeldWork, ProcessParts, WorkerRole } from '../../pipeline.js';
import { hostTaskQueue } from '../../../contract/names.js';
import type { PoolUse } from '../metrics/pool-metrics.js';
import { prepareScratch } from '../../../platform/scratch/scratch.js';
import type { Dependencies } from './dependencies.js';

/** A process of the pool may be killed while it starts, as at any time; one that cannot start ends the worker. */
const POOL_START_TRIES = 4;

/** What the activities of the role are made with. */
export interface WorkerClients {
  scratchPath: string;
  engine: PooledAudioEngine;
  fetchAudio: FetchAudio;
  csv: CsvDestination;
  hostTaskQueue: string;
}

export type CreateWorkerActivities = (clients: WorkerClients) => {
  receive: object;
  host: object;
  store: HeldWork;
};

/** The worker role of recordings in one process: pool, downloads, scratch, and the batches it holds. */
export interface RecordingsWorker extends WorkerRole {
  /** Batches at once. */
  places: number;
  /** As now; a new version may be taken into use while the process runs. */
  models: () => { model: ModelName; shadow?: ModelName | undefined };
  poolUse: () => PoolUse;
}

type WorkerRoleSettings = EngineSettings &
  FetchSettings &
  Pick<RecordingsSettings, 'SCRATCH_PATH' | 'CSV_OUTPUT_PATH' | 'MAX_CONCURRENCY'>;

/** Starts the worker role. @throws ModelInvalid, DependencyUnavailable as the audio engine does */
export async function startWorkerRole(
  config: WorkerRoleSettings,
  { s3 }: Pick<Dependencies, 's3'>,
  metrics: RecordingsMetrics,
  { log, taskQueue, untilAvailable }: Pick<ProcessParts, 'log' | 'taskQueue' | 'untilAvailable'>,
  createActivities: CreateWorkerActivities,
): Promise<RecordingsWorker> {
  const scratch = await prepareScratch(config.SCRATCH_PATH);
  const engine = await untilAvailable(() => startAudioEngine(config, metrics, log), POOL_START_TRIES);
  const { fetchAudio, close: closeFetcher } = createAudioFetcher(config, () =>
    metrics.addRetries('download'),
  );
  const csv = createCsvDestination(config.CSV_OUTPUT_PATH, () => s3);
  const hostId = newHostId();
  const ownTaskQueue = hostTaskQueue(taskQueue, hostId);
  const { receive, host, store } = createActivities({
    scratchPath: scratch.path,
    engine,
    fetchAudio,
    csv,
    hostTaskQueue: ownTaskQueue,
  });
  const places = config.MAX_CONCURRENCY;
  const models = (): ReturnType<RecordingsWorker['models']> => ({
    model: engine.model,
    shadow: engine.shadow,
  });
  return {
    pollers: [
      {
        taskQueue: inferenceTaskQueue(taskQueue),
        activities: receive,
        slots: { places, held: store },
        stops: 'first',
      },
      // Every batch held may run a stage, and a release beside it.
      { taskQueue: ownTaskQueue, activities: host, slots: places * 2, stops: 'last', own: true },
    ],
    services: [],
    held: store,
    checks: [{ name: 'csv', check: () => csv.ping() }],
    facts: { host_id: hostId, decoder: engine.decoder, kernels: engine.kernels.kind },
    state: models,
    places,
    models,
    poolUse: () => engine.poolUse(),
    async close() {
      closeFetcher();
      await engine.close();
      await scratch.remove();
      log.debug('scratch_swept', { path: scratch.path });
    },
  };
}

/** Names one process: readable, and new at every start, so that no task of a former life reaches it. */
function newHostId(): string {
  return `${hostname()}-${randomBytes(4).toString('hex')}`;
}
