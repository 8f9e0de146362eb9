import { hostname } from 'node:os';
import { randomBytes } from 'node:crypto';
import { createBatchStore, type BatchStore } from '../activities/shared/batch-store.js';
import type { RecordingDelivery } from '../activities/recordings/recording-delivery.js';
import type { ModelName } from '../pipelines/recordings/audio/audio-engine.js';
import { hostTaskQueue } from '../contract/names.js';
import type { RecordingsSettings } from '../pipelines/recordings/settings/index.js';
import type { Logger } from '../platform/logging/logger.js';
import type { RecordingsMetrics } from '../pipelines/recordings/metrics/recordings-metrics.js';
import type { PoolUse } from '../pipelines/recordings/metrics/pool-metrics.js';
import type { RecordTracing } from '../platform/tracing/record-tracing.js';
import { createCsvDestination } from '../pipelines/recordings/results/csv/create-csv-destination.js';
import type { CsvDestination } from '../pipelines/recordings/results/csv/csv-destination.js';
import { createAudioFetcher, type FetchSettings } from '../pipelines/recordings/audio/fetch-audio.js';
import { startAudioEngine, type EngineSettings } from '../pipelines/recordings/audio/start-audio-engine.js';
import { inferenceActivities, type InferenceSettings } from './create-activities.js';
import type { Dependencies } from './dependencies.js';
import { prepareScratch } from '../platform/scratch/scratch.js';
import type { InferenceRole } from './start-workers.js';
import { untilAvailable } from './until-available.js';

/** A process of the pool may be killed while it starts, as at any time; one that cannot start ends the worker. */
const POOL_START_TRIES = 4;

/** Everything of the inference role in one process: pool, downloads, scratch, and the batches it holds. */
export interface InferencePart {
  role: InferenceRole;
  store: BatchStore<RecordingDelivery>;
  csv: CsvDestination;
  /** Which decoder its pool has found: `node-av` or `ffmpeg`. */
  decoder: string;
  /** As now; a new version may be taken into use while the process runs. */
  models: () => { model: ModelName; shadow?: ModelName | undefined };
  poolUse: () => PoolUse;
  close(): Promise<void>;
}

type InferencePartSettings = EngineSettings &
  FetchSettings &
  InferenceSettings &
  Pick<RecordingsSettings, 'SCRATCH_PATH' | 'CSV_OUTPUT_PATH' | 'TASK_QUEUE' | 'MAX_CONCURRENCY'>;

/** Starts the inference role. @throws ModelInvalid, DependencyUnavailable as the audio engine does */
export async function startInferencePart(
  config: InferencePartSettings,
  dependencies: Dependencies,
  metrics: RecordingsMetrics,
  tracing: RecordTracing | undefined,
  log: Logger<string>,
  stopSignal: AbortSignal,
): Promise<InferencePart> {
  const scratch = await prepareScratch(config.SCRATCH_PATH);
  const engine = await untilAvailable(
    () => startAudioEngine(config, metrics, log),
    log,
    stopSignal,
    POOL_START_TRIES,
  );
  const { fetchAudio, close: closeFetcher } = createAudioFetcher(config, () =>
    metrics.addRetries('download'),
  );
  const store = createBatchStore<RecordingDelivery>({ scratchPath: scratch.path, log });
  const csv = createCsvDestination(config.CSV_OUTPUT_PATH, () => dependencies.s3);
  const hostId = newHostId();
  const { receive, host } = inferenceActivities(
    config,
    dependencies,
    {
      store,
      engine,
      fetchAudio,
      csv,
      hostTaskQueue: hostTaskQueue(config.TASK_QUEUE, hostId),
      metrics,
      tracing,
    },
    log,
  );
  return {
    role: { receive, host, batches: store, hostId, maxConcurrency: config.MAX_CONCURRENCY },
    store,
    csv,
    decoder: engine.decoder,
    models: () => ({ model: engine.model, shadow: engine.shadow }),
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
