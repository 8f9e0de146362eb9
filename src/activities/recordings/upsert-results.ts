import type { AudioEngine, ModelName } from '../../pipelines/recordings/audio/audio-engine.js';
import { isDirect } from '../../pipelines/recordings/contract/direct.js';
import type { ResultIdBasis } from '../../pipelines/recordings/contract/identity.js';
import type { ResultDocument } from '../../pipelines/recordings/contract/result-document.js';
import type { CsvRow } from '../../pipelines/recordings/contract/csv-row.js';
import type { Logger } from '../../platform/logging/logger.js';
import { buildResultDocument } from '../../pipelines/recordings/results/build-result.js';
import { buildCsvRow } from '../../pipelines/recordings/results/csv/build-csv-row.js';
import type { CsvDestination } from '../../pipelines/recordings/results/csv/csv-destination.js';
import type { FeatureLog } from '../../pipelines/recordings/results/feature-log.js';
import type { ResultRepository } from '../../pipelines/recordings/results/result-repository.js';
import type { SourceRepository } from '../../pipelines/recordings/sources/source-repository.js';
import type { HostActivities } from '../shared/activity-types.js';
import { dropLost, returnItem, undecided, type Batch, type BatchItem } from '../shared/batch.js';
import type { BatchStore } from '../shared/batch-store.js';
import { runStage } from '../shared/stage.js';
import { settleTwins } from './twins.js';

export interface UpsertDependencies {
  store: BatchStore;
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
  log: Logger;
}

/**
 * Makes the batch's outcomes durable: features for the run's summary, result documents, then backlinks, then the CSV. Only what is durable
 * becomes `completed`, and nothing is acknowledged here, so a process killed on any line loses nothing.
 */
export function createUpsertActivity(deps: UpsertDependencies): Pick<HostActivities, 'upsertResults'> {
  return {
    upsertResults: (identity) =>
      runStage(deps.store, deps.log, identity, async ({ batch, log, signal }) => {
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
 * Once a batch and before its first result: a later attempt at this stage may have fewer items, and would take those out of the log
 * that have results by now.
 */
async function logFeatures({ featureLog, trainingOf }: UpsertDependencies, batch: Batch): Promise<void> {
  if (featureLog === undefined || batch.featuresLogged === true) return;
  const alike = new Map<string, ScoredItem[]>();
  for (const item of undecided(batch).filter(isScored)) {
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
      items.map(({ resultDocumentId, extracted }) => ({ resultDocumentId, features: extracted.features })),
    );
  }
  batch.featuresLogged = true;
}

async function writeResults(deps: UpsertDependencies, batch: Batch, log: Logger): Promise<void> {
  const scored = undecided(batch).filter(isScored);
  if (scored.length === 0) return;
  const processedAt = deps.now();
  const startedAtMs = Date.now();
  const report = await deps.results.upsertResults(
    scored.map((item) => toResult(item, batch, deps, processedAt)),
  );
  const durable = new Set(report.durable);
  for (const item of scored) {
    if (durable.has(item.resultDocumentId)) {
      item.outcome = 'completed';
      item.processedAt = processedAt;
      item.trace?.stage('upsert', startedAtMs, Date.now());
    } else {
      // The store refused this one document: without a durable result its message must come again.
      returnItem(item, 'not_written');
    }
  }
  log.info('results_upserted', { documents: report.durable.length, refused: report.failed });
}

/** Written again by every attempt at this stage: an earlier one may have been stopped right after the results. */
async function writeBacklinks(deps: UpsertDependencies, batch: Batch, log: Logger): Promise<void> {
  const completed = batch.items.filter(
    (item) => item.outcome === 'completed' && item.returned !== true && !isDirect(item.message),
  );
  if (completed.length === 0) return;
  await deps.source.writeBacklinks(
    completed.map((item) => ({
      key: item.message,
      anomaly_result_id: item.resultDocumentId,
      anomaly_processed_at: item.processedAt ?? deps.now(),
    })),
  );
  log.info('backlinks_updated', { rows: completed.length });
}

async function writeCsv(
  deps: UpsertDependencies,
  batch: Batch,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const decided = batch.items.filter(isDecided);
  if (decided.length === 0) return;
  const at = deps.now();
  const report = await deps.csv.append(
    batch.batchId,
    decided.map((item) => toCsvRow(item, deps.resultIdBasis, at)),
    signal,
  );
  log.info('results_csv_appended', { rows: report.written, repeated: report.repeated });
}

type ScoredItem = BatchItem & Required<Pick<BatchItem, 'inference' | 'extracted'>>;
type DecidedItem = BatchItem & Required<Pick<BatchItem, 'outcome'>>;

function isScored(item: BatchItem): item is ScoredItem {
  return item.inference !== undefined && item.extracted !== undefined;
}

function modelOf({ inference }: ScoredItem): ModelName {
  return { name: inference.model_name, version: inference.model_version };
}

function isDecided(item: BatchItem): item is DecidedItem {
  return item.outcome !== undefined && item.returned !== true;
}

function toResult(
  item: ScoredItem,
  batch: Batch,
  deps: UpsertDependencies,
  processedAt: Date,
): ResultDocument {
  return buildResultDocument({
    message: item.message,
    pipelineName: deps.pipelineName,
    basis: deps.resultIdBasis,
    inference: item.inference,
    ...(item.inferenceShadow && { inferenceShadow: item.inferenceShadow }),
    audio: item.extracted.audio,
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

function toCsvRow(item: DecidedItem, basis: ResultIdBasis, at: Date): CsvRow {
  return buildCsvRow({
    message: item.message,
    basis,
    outcome: item.outcome,
    error: item.error ?? null,
    inference: item.outcome === 'completed' ? (item.inference ?? null) : null,
    message_id: item.messageId,
    receive_count: item.receiveCount,
    processed_at: item.processedAt ?? at,
  });
}
