import type { AudioEngine, ModelName } from '../../pipelines/recordings/audio/audio-engine.js';
import { isDirect } from '../../pipelines/recordings/contract/direct.js';
import type { ResultIdBasis } from '../../pipelines/recordings/contract/identity.js';
import type { ResultDocument } from '../../pipelines/recordings/contract/result-document.js';
import type { Outcome } from '../../pipelines/recordings/contract/outcome.js';
import type { CsvRow } from '../../pipelines/recordings/contract/csv-row.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import { buildResultDocument } from '../../pipelines/recordings/results/build-result.js';
import { buildCsvRow } from '../../pipelines/recordings/results/csv/build-csv-row.js';
import type { CsvDestination } from '../../pipelines/recordings/results/csv/csv-destination.js';
import type { FeatureLog } from '../../pipelines/recordings/results/feature-log.js';
import type { ResultRepository } from '../../pipelines/recordings/results/result-repository.js';
import type { SourceRepository } from '../../pipelines/recordings/sources/source-repository.js';
import type { RecordingHostActivities } from './activity-types.js';
import { dropLost } from '../shared/batch.js';
import { returnDelivery, settle, type Settled } from '../shared/delivery.js';
import {
  isAt,
  workable,
  type At,
  type RecordingBatch,
  type RecordingDelivery,
} from './recording-delivery.js';
import { recordingStage, type StageDependencies } from './recording-stage.js';
import { settleTwins } from './twins.js';

export interface UpsertDependencies extends StageDependencies {
  results: Pick<ResultRepository, 'upsertResults'>;
  /** Undefined where features are not kept. */
  featureLog: Pick<FeatureLog, 'record'> | undefined;
  trainingOf: AudioEngine['trainingOf'];
  source: Pick<SourceRepository, 'writeBacklinks'>;
  csv: CsvDestination;
  pipelineName: string;
  resultIdBasis: ResultIdBasis;
  writeBacklinks: boolean;
  now: () => Date;
}

/**
 * Makes the batch's outcomes durable: features for the run's summary, result documents, then backlinks, then the CSV.
 * Only what is durable becomes `completed`, and nothing is acknowledged here, so a process killed on any line loses
 * nothing.
 */
export function createUpsertActivity(
  deps: UpsertDependencies,
): Pick<RecordingHostActivities, 'upsertResults'> {
  return {
    upsertResults: (identity) =>
      recordingStage(deps, identity, async ({ batch, log, signal }) => {
        dropLost(batch);
        await logFeatures(deps, batch);
        await writeResults(deps, batch, log);
        settleTwins(batch);
        if (deps.writeBacklinks) await writeBacklinks(deps, batch, log);
        await writeCsv(deps, batch, log, signal);
      }),
  };
}

/**
 * Once a batch and before its first result: a later attempt at this stage may have fewer items, and would take those
 * out of the log that have results by now.
 */
async function logFeatures(
  { featureLog, trainingOf }: UpsertDependencies,
  batch: RecordingBatch,
): Promise<void> {
  if (featureLog === undefined || batch.featuresLogged === true) return;
  const alike = new Map<string, At<'scored'>[]>();
  for (const item of workable(batch).filter(isAt('scored'))) {
    const { source_collection, test_date } = item.message;
    const { name, version } = modelOf(item);
    const key = JSON.stringify([source_collection, test_date, name, version]);
    alike.set(key, [...(alike.get(key) ?? []), item]);
  }
  for (const items of alike.values()) {
    const { source_collection, test_date } = items[0]!.message;
    const model = modelOf(items[0]!);
    const training = trainingOf(model);
    // A score without a model behind it has nothing to be compared with.
    if (training === undefined) continue;
    await featureLog.record(
      batch.batchId,
      { source_collection, test_date },
      { ...model, training },
      items.map(({ resultDocumentId, reached }) => ({
        resultDocumentId,
        features: reached.extracted.features,
      })),
    );
  }
  batch.featuresLogged = true;
}

async function writeResults(
  deps: UpsertDependencies,
  batch: RecordingBatch,
  log: RecordingsLogger,
): Promise<void> {
  const scored = workable(batch).filter(isAt('scored'));
  if (scored.length === 0) return;
  const processedAt = deps.now();
  const startedAtMs = Date.now();
  const report = await deps.results.upsertResults(
    scored.map((item) => toResult(item, batch, deps, processedAt)),
  );
  const durable = new Set(report.durable);
  for (const item of scored) {
    if (durable.has(item.resultDocumentId)) {
      settle(item, 'completed', { at: processedAt });
      item.trace?.stage('upsert', startedAtMs, Date.now());
    } else {
      // The store refused this one document: without a durable result its message must be redelivered.
      returnDelivery(item, 'not_written');
    }
  }
  log.info('results_upserted', { documents: report.durable.length, refused: report.failed });
}

/** Written again by every attempt at this stage: an earlier one may have been stopped right after the results. */
async function writeBacklinks(
  deps: UpsertDependencies,
  batch: RecordingBatch,
  log: RecordingsLogger,
): Promise<void> {
  const completed = batch.items
    .filter(isSettled)
    .filter(({ ending, message }) => ending.outcome === 'completed' && !isDirect(message));
  if (completed.length === 0) return;
  await deps.source.writeBacklinks(
    completed.map((item) => ({
      key: item.message,
      anomaly_result_id: item.resultDocumentId,
      anomaly_processed_at: item.ending.at ?? deps.now(),
    })),
  );
  log.info('backlinks_updated', { rows: completed.length });
}

async function writeCsv(
  deps: UpsertDependencies,
  batch: RecordingBatch,
  log: RecordingsLogger,
  signal: AbortSignal,
): Promise<void> {
  const decided = batch.items.filter(isSettled);
  if (decided.length === 0) return;
  const at = deps.now();
  const report = await deps.csv.append(
    batch.batchId,
    decided.map((item) => toCsvRow(item, deps.resultIdBasis, at)),
    signal,
  );
  log.info('results_csv_appended', { rows: report.written, repeated: report.repeated });
}

type SettledDelivery = RecordingDelivery & { ending: Settled<Outcome> };

function isSettled(item: RecordingDelivery): item is SettledDelivery {
  return item.ending?.kind === 'settled';
}

function modelOf({ reached: { inference } }: At<'scored'>): ModelName {
  return { name: inference.model_name, version: inference.model_version };
}

function toResult(
  { reached, ...item }: At<'scored'>,
  batch: RecordingBatch,
  deps: UpsertDependencies,
  processedAt: Date,
): ResultDocument {
  return buildResultDocument({
    message: item.message,
    pipelineName: deps.pipelineName,
    basis: deps.resultIdBasis,
    inference: reached.inference,
    ...(reached.shadow && { inferenceShadow: reached.shadow }),
    audio: reached.extracted.audio,
    processing: {
      message_id: item.messageId,
      receive_count: item.receiveCount,
      workflow_id: batch.workflowId,
      batch_id: batch.batchId,
      processed_at: processedAt,
      timings_ms: item.timingsMs,
    },
  });
}

function toCsvRow(item: SettledDelivery, basis: ResultIdBasis, at: Date): CsvRow {
  const { outcome, error, at: settledAt } = item.ending;
  const scored = outcome === 'completed' && isAt('scored')(item) ? item.reached : undefined;
  return buildCsvRow({
    message: item.message,
    basis,
    outcome,
    error: error === undefined ? null : `${error.name}: ${error.message}`,
    inference: scored?.inference ?? null,
    message_id: item.messageId,
    receive_count: item.receiveCount,
    processed_at: settledAt ?? at,
  });
}
