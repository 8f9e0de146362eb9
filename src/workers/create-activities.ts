import { STAGE_OF, countDiscovered, countSettled } from '../activities/recordings/count-recordings.js';
import { countAttempts, countReceived } from '../activities/shared/count-activities.js';
import { recordingReader, type RecordingDelivery } from '../activities/recordings/recording-delivery.js';
import { OUTCOME_RULES } from '../pipelines/recordings/contract/outcome.js';
import { createAcknowledgeActivities } from '../activities/shared/acknowledge.js';
import type { BatchStore } from '../activities/shared/batch-store.js';
import { createPrepareAudioActivities } from '../activities/recordings/prepare-audio.js';
import type { FetchAudio } from '../pipelines/recordings/audio/fetch-audio.js';
import { createReceiveActivity } from '../activities/shared/receive-batch.js';
import { createRunInferenceActivity } from '../activities/recordings/run-inference.js';
import { createScreenActivity } from '../activities/recordings/screen-batch.js';
import { createUpsertActivity } from '../activities/recordings/upsert-results.js';
import { createDiscoverActivities } from '../activities/recordings/discover-page.js';
import { createMeasureBacklogActivity, type Places } from '../activities/shared/measure-backlog.js';
import { createMeasureDriftActivity } from '../activities/recordings/measure-drift.js';
import { createPrepareActivities, type PrepareDependencies } from '../activities/recordings/prepare-run.js';
import { createSaveStateActivity } from '../activities/recordings/save-state.js';
import { atActivityBoundary } from '../activities/shared/activity-boundary.js';
import type { ReceiveActivities } from '../activities/shared/activity-types.js';
import type {
  RecordingHostActivities,
  OrchestratorActivities,
} from '../activities/recordings/activity-types.js';
import type { AudioEngine } from '../pipelines/recordings/audio/audio-engine.js';
import type { RecordingsSettings } from '../pipelines/recordings/settings/index.js';
import type { Logger } from '../platform/logging/logger.js';
import type { RecordingsMetrics } from '../pipelines/recordings/metrics/recordings-metrics.js';
import type { RecordTracing } from '../platform/tracing/record-tracing.js';
import type { CsvDestination } from '../pipelines/recordings/results/csv/csv-destination.js';
import type { Dependencies } from './dependencies.js';

const now = (): Date => new Date();

export type OrchestratorSettings = PrepareDependencies['config'] &
  Pick<RecordingsSettings, 'RESULT_ID_BASIS' | 'PIPELINE_NAME'>;

/** The activities of the orchestrator role, from the process's clients. */
export function orchestratorActivities(
  config: OrchestratorSettings,
  { source, results, states, sentLog, featureLog, queueFor }: Dependencies,
  inferencePlaces: () => Promise<Places>,
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
      ...createMeasureBacklogActivity({ queueFor, workerPlaces: inferencePlaces }),
    },
    log,
    countAttempts(metrics, STAGE_OF),
  );
}

/** What the inference role needs besides the process's clients. */
export interface InferenceParts {
  store: BatchStore<RecordingDelivery>;
  engine: AudioEngine;
  fetchAudio: FetchAudio;
  csv: CsvDestination;
  hostTaskQueue: string;
  metrics: RecordingsMetrics;
  tracing: RecordTracing | undefined;
}

export type InferenceSettings = Pick<
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

/** The activities of the inference role: what any process offers, and what only the one with the batch can do. */
export function inferenceActivities(
  config: InferenceSettings,
  { source, results, featureLog, queueFor, findDeadLetters }: Dependencies,
  { store, engine, fetchAudio, csv, hostTaskQueue, metrics, tracing }: InferenceParts,
  log: Logger<string>,
): { receive: ReceiveActivities; host: RecordingHostActivities } {
  const receive = createReceiveActivity({
    reader: recordingReader(config.RESULT_ID_BASIS),
    store,
    queueFor,
    hostTaskQueue,
    visibilityTimeoutSeconds: config.SQS_VISIBILITY_TIMEOUT_SECONDS,
    maxBatchWaitSeconds: config.MAX_BATCH_WAIT_SECONDS,
    onReceived: countReceived(metrics),
    malformedMessages: config.MALFORMED_MESSAGES,
    findDeadLetters,
    tracing,
    log,
  });
  const host: RecordingHostActivities = {
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
  const onAttempt = countAttempts(metrics, STAGE_OF);
  return {
    receive: atActivityBoundary(receive, log, onAttempt),
    host: atActivityBoundary(host, log, onAttempt),
  };
}
