import type { Collection, Document } from 'mongodb';
import { toUtcMidnight } from '../../../contract/dates.js';
import type { ResultDocument } from '../contract/result-document.js';
import { createMongoClient, mongoDatabase } from '../../../platform/mongo-client.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { RecordingsSettings } from '../settings/index.js';
import { compareThresholds } from './compare-thresholds.js';
import { ANOMALIES, readScores, readThroughput } from './mongo-run-charts.js';
import { reportedRecording, SHOWN } from './reported-recording.js';
import type { ModelShare, RunReader, RunResults, ReportedRecording } from './run-results.js';

const MOST_REASONS = 10;
/** A model that was changed every hour is a mistake that the first few show. */
const MOST_MODELS = 8;
/** 900,000 documents of 2 KB are read from a cold disk within this. */
const AGGREGATE_TIMEOUT_MS = 10 * 60_000;

/** The settings that say where results are. */
export type ResultsAccess = Pick<
  RecordingsSettings,
  'MONGO_URI' | 'MONGO_TLS' | 'MONGO_TLS_CA' | 'MONGO_DB_NAME' | 'MONGO_RESULT_COLLECTION'
>;

/** Results of a run in MongoDB, read from a secondary where there is one. */
export function createMongoRunReader(settings: ResultsAccess): RunReader {
  const mongo = createMongoClient(settings, {
    appName: 'vachan-report',
    readPreference: 'secondaryPreferred',
  });
  const collection = mongoDatabase(mongo, settings).collection<ResultDocument>(
    settings.MONGO_RESULT_COLLECTION,
  );
  return {
    read: (run) => onMongo(`read the results of ${run.testDate}`, () => readRun(collection, run)),
    close: () => mongo.close(),
  };
}

type ReportedRun = Parameters<RunReader['read']>[0];

/** As {@link RunReader.read}, on a collection of the caller's. */
export async function readRun(collection: Collection<ResultDocument>, run: ReportedRun): Promise<RunResults> {
  // The first key of two indexes; the collection's name is looked at in what they find.
  const match: Document = {
    'source.test_date': toUtcMidnight(run.testDate),
    'source.source_collection': run.sourceCollection,
  };
  const aggregate = <T extends Document>(...stages: Document[]): Promise<T[]> =>
    collection
      .aggregate<T>([{ $match: match }, ...stages], {
        allowDiskUse: true,
        maxTimeMS: AGGREGATE_TIMEOUT_MS,
      })
      .toArray();

  const [total] = await aggregate<Totals>({ $group: TOTALS });
  if (total === undefined) return NO_RESULTS;
  const models = (
    await aggregate<ModelGroup>({ $group: BY_MODEL }, { $sort: { recordings: -1 } }, { $limit: MOST_MODELS })
  ).map(({ _id, ...counts }): ModelShare => ({
    ..._id,
    threshold: _id.threshold ?? null,
    ...counts,
  }));
  return {
    recordings: total.recordings,
    anomalies: total.anomalies,
    audioSeconds: total.audioSeconds,
    firstAt: total.firstAt,
    lastAt: total.lastAt,
    models,
    comparison: run.calibrated ? await compareThresholds(aggregate, models, run.calibrated) : null,
    scores: await readScores(aggregate, total, models[0]?.threshold ?? 0),
    throughput: await readThroughput(aggregate, total, run),
    reasons: await aggregate<RunResults['reasons'][number]>(
      { $match: { 'inference.is_anomaly': true } },
      { $project: { 'inference.reasons.description': 1 } },
      { $unwind: '$inference.reasons' },
      { $group: { _id: '$inference.reasons.description', recordings: { $sum: 1 } } },
      { $sort: { recordings: -1, _id: 1 } },
      { $limit: MOST_REASONS },
      { $project: { _id: 0, description: '$_id', recordings: 1 } },
    ),
    mostAnomalous: run.top === 0 ? [] : await readMostAnomalous(collection, match, run.top),
  };
}

const NO_RESULTS: RunResults = {
  recordings: 0,
  anomalies: 0,
  audioSeconds: 0,
  firstAt: null,
  lastAt: null,
  models: [],
  comparison: null,
  scores: null,
  throughput: null,
  reasons: [],
  mostAnomalous: [],
};

interface Totals extends Document {
  recordings: number;
  anomalies: number;
  audioSeconds: number;
  firstAt: Date;
  lastAt: Date;
  least: number;
  greatest: number;
}

const TOTALS: Document = {
  _id: null,
  recordings: { $sum: 1 },
  anomalies: ANOMALIES,
  audioSeconds: { $sum: '$audio.duration_seconds' },
  firstAt: { $min: '$processing.processed_at' },
  lastAt: { $max: '$processing.processed_at' },
  least: { $min: '$inference.anomaly_score' },
  greatest: { $max: '$inference.anomaly_score' },
};

interface ModelGroup extends Document {
  _id: Pick<ModelShare, 'name' | 'version' | 'threshold'>;
  recordings: number;
  anomalies: number;
}
const BY_MODEL: Document = {
  _id: {
    name: '$inference.model_name',
    version: '$inference.model_version',
    threshold: '$inference.threshold',
  },
  recordings: { $sum: 1 },
  anomalies: ANOMALIES,
};

async function readMostAnomalous(
  collection: Collection<ResultDocument>,
  match: Document,
  top: number,
): Promise<ReportedRecording[]> {
  const documents = await collection
    .find(match, { projection: SHOWN, maxTimeMS: AGGREGATE_TIMEOUT_MS })
    .sort({ 'inference.anomaly_score': -1, _id: 1 })
    .limit(top)
    .toArray();
  return documents.map(reportedRecording);
}
