import { STAGE_OF, countDiscovered, countSettled } from './count-recordings.js';
import { countAttempts, countReceived } from '../shared/count-activities.js';
import { recordingReader, type RecordingDelivery } from './recording-delivery.js';
import { OUTCOME_RULES } from '../../pipelines/recordings/contract/outcome.js';
import { createAcknowledgeActivities } from '../shared/acknowledge.js';
import { createBatchStore, type BatchStore } from '../shared/batch-store.js';
import { createJoinedActivities } from './joined-activities.js';
import { createPrepareAudioActivities } from './prepare-audio.js';
import type { FetchAudio } from '../../pipelines/recordings/audio/fetch-audio.js';
import { createReceiveActivity } from '../shared/receive-batch.js';
import { createRunInferenceActivity } from './run-inference.js';
import { createScreenActivity } from './screen-batch.js';
import { createUpsertActivity } from './upsert-results.js';
import { createDiscoverActivities } from './discover-page.js';
import { createMeasureBacklogActivity } from '../shared/measure-backlog.js';
import type { Places } from '../../contract/backlog.js';
import { createMeasureDriftActivity } from './measure-drift.js';
import { createPrepareActivities, type PrepareDependencies } from './prepare-run.js';
import { createSaveStateActivity } from './save-state.js';
import { atActivityBoundary } from '../shared/activity-boundary.js';
import type { ReceiveActivities } from '../shared/activity-types.js';
import type { RecordingHostActivities, OrchestratorActivities } from './activity-types.js';
import type { AudioEngine } from '../../pipelines/recordings/audio/audio-engine.js';
import type { RecordingsSettings } from '../../pipelines/recordings/settings/index.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { RecordingsMetrics } from '../../pipelines/recordings/metrics/recordings-metrics.js';
import type { RecordTracing } from '../../platform/tracing/record-tracing.js';
import type { CsvDestination } from '../../pipelines/recordings/results/csv/csv-destination.js';
import type { Dependencies } from '../../pipelines/recordings/process/dependencies.js';

const now = (): Date => new Date();

export type OrchestratorSettings = PrepareDependencies['config'] &
  Pick<RecordingsSettings, 'RESULT_ID_BASIS' | 'PIPELINE_NAME'>;

/** The activities of the orchestrator role, from the process's clients. */
export function createOrchestratorActivities(
  config: OrchestratorSettings,
  { source, results, states, sentLog, featureLog, queueFor }: Dependencies,
  workerPlaces: () => Promise<Places>,
  metrics: RecordingsMetrics,
  tracing: RecordTracing | undefined,
  log: Logger<string>,
): OrchestratorActivities {
  return atActivityBoundary<OrchestratorActivities>(
    {
      ...createPrepareActivities({ config, source, states, queueFor, log }),
      ...countDiscovered(
        metrics,
        createDiscoverActivities({
          source,
          results,
          sentLog,
          queueFor,
          resultIdBasis: config.RESULT_ID_BASIS,
          now,
          tracing,
          log,
        }),
      ),
      ...createSaveStateActivity({ states, sentLog, pipelineName: config.PIPELINE_NAME, now, log }),
      ...createMeasureDriftActivity({ featureLog, log }),
      ...createMeasureBacklogActivity({ queueFor, workerPlaces }),
    },
    log,
    countAttempts(metrics, STAGE_OF),
  );
}

/** What the worker role needs besides the process's clients. */
export interface WorkerParts {
  /** Where audio lies while its batch lasts. */
  scratchPath: string;
  engine: AudioEngine;
  fetchAudio: FetchAudio;
  csv: CsvDestination;
  hostTaskQueue: string;
  metrics: RecordingsMetrics;
  tracing: RecordTracing | undefined;
}

export type WorkerSettings = Pick<
  RecordingsSettings,
  | 'RESULT_ID_BASIS'
  | 'PIPELINE_NAME'
  | 'SQS_VISIBILITY_TIMEOUT_SECONDS'
  | 'MAX_BATCH_WAIT_SECONDS'
  | 'MALFORMED_MESSAGES'
  | 'ENABLE_SOURCE_BACKLINK_UPDATE'
  | 'SQS_RETRY_DELAY_SECONDS'
  | 'SQS_RETRY_DELAY_MAX_SECONDS'
>;

/**
 * The activities of the worker role: what any process offers, and what only the one with the batch can do, with the
 * batches that it holds.
 */
export function createWorkerActivities(
  config: WorkerSettings,
  { source, results, featureLog, queueFor, findDeadLetters }: Dependencies,
  { scratchPath, engine, fetchAudio, csv, hostTaskQueue, metrics, tracing }: WorkerParts,
  log: Logger<string>,
): { receive: ReceiveActivities; host: RecordingHostActivities; store: BatchStore<RecordingDelivery> } {
  const store = createBatchStore<RecordingDelivery>({ scratchPath, log });
  const receive = createReceiveActivity({
    reader: recordingReader(config.RESULT_ID_BASIS),
    store,
    queueFor,
    hostTaskQueue,
    joinsStages: true,
    visibilityTimeoutSeconds: config.SQS_VISIBILITY_TIMEOUT_SECONDS,
    maxBatchWaitSeconds: config.MAX_BATCH_WAIT_SECONDS,
    onReceived: countReceived(metrics),
    malformedMessages: config.MALFORMED_MESSAGES,
    findDeadLetters,
    tracing,
    log,
  });
  const onAttempt = countAttempts(metrics, STAGE_OF);
  const stages = {
    ...createScreenActivity({ store, results, source, log }),
    ...createPrepareAudioActivities({ store, fetchAudio, engine, log }),
    ...createRunInferenceActivity({ store, engine, log }),
    ...createUpsertActivity({
      store,
      results,
      featureLog,
      trainingOf: (model) => engine.trainingOf(model),
      source,
      csv,
      pipelineName: config.PIPELINE_NAME,
      resultIdBasis: config.RESULT_ID_BASIS,
      writeBacklinks: config.ENABLE_SOURCE_BACKLINK_UPDATE,
      now,
      log,
    }),
    ...createAcknowledgeActivities({
      store,
      rules: OUTCOME_RULES,
      retryDelay: {
        baseSeconds: config.SQS_RETRY_DELAY_SECONDS,
        maxSeconds: config.SQS_RETRY_DELAY_MAX_SECONDS,
      },
      onSettled: countSettled(metrics),
      log,
    }),
  };
  const host: RecordingHostActivities = {
    ...stages,
    ...createJoinedActivities(store, stages, onAttempt),
  };
  return {
    store,
    receive: atActivityBoundary(receive, log, onAttempt),
    host: atActivityBoundary(host, log, onAttempt),
  };
}
