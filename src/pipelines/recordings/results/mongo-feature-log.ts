import { createHash } from 'node:crypto';
import { Binary, type Collection } from 'mongodb';
import type { TrainingStatistics } from '../model/training-statistics.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { FeatureLog, MeasuredRecording, ScoringModelNote } from './feature-log.js';

/** The recordings of one batch, packed: half a kilobyte each. */
export interface FeatureLogEntry {
  /** `<batch id>:<source collection>:<test date>:<model name>:<model version>` */
  _id: string;
  source_collection: string;
  test_date: string;
  /** Names the features and their order; see {@link layoutOf}. */
  layout: string;
  model: { name: string; version: string };
  /** Of that model: training mean and deviation of each feature, little-endian float64; NaN for those that it does not use. */
  training: Binary;
  /** 32 bytes a recording: its result document's id. */
  ids: Binary;
  /** Row by row, little-endian float32. */
  values: Binary;
  measured_at: Date;
  expires_at: Date;
}

export const FEATURE_LOG_INDEX_KEY = { source_collection: 1, test_date: 1, measured_at: -1 } as const;
export const FEATURE_LOG_EXPIRY_KEY = { expires_at: 1 } as const;
const DAY_MS = 24 * 3_600_000;
const ID_BYTES = 32;
/** Read so many batches at a time: some megabytes. */
const READ_BATCHES = 20;

/** The collection's name, beside the results that it belongs to. */
export function featureLogCollectionName(resultCollection: string): string {
  return `${resultCollection}_features`;
}

export interface FeatureLogOptions {
  /** Of the rows passed, in order. */
  featureNames: readonly string[];
  retentionDays: number;
  now?: () => Date;
}

/** The feature log in MongoDB: one document a batch and date. */
export function createMongoFeatureLog(
  collection: Collection<FeatureLogEntry>,
  { featureNames, retentionDays, now = () => new Date() }: FeatureLogOptions,
): FeatureLog {
  const name = collection.collectionName;
  const layout = layoutOf(featureNames);
  return {
    record: (batchId, { source_collection, test_date }, { training, ...model }, recordings) =>
      onMongo(`write features into ${name}`, async () => {
        if (recordings.length === 0) return;
        const measured_at = now();
        await collection.replaceOne(
          { _id: { $eq: `${batchId}:${source_collection}:${test_date}:${model.name}:${model.version}` } },
          {
            source_collection,
            test_date,
            layout,
            model,
            training: packTraining(training, featureNames.length),
            ...pack(recordings, featureNames.length),
            measured_at,
            expires_at: new Date(measured_at.getTime() + retentionDays * DAY_MS),
          },
          { upsert: true, writeConcern: { w: 'majority' } },
        );
      }),

    read: ({ source_collection, test_date }, visit) =>
      onMongo(`read features from ${name}`, async () => {
        const seen = new Set<number>();
        const row = new Float32Array(featureNames.length);
        let notComparable = 0;
        const entries = collection
          .find({ source_collection: { $eq: source_collection }, test_date: { $eq: test_date } })
          .sort(FEATURE_LOG_INDEX_KEY)
          .batchSize(READ_BATCHES);
        for await (const entry of entries) {
          const model = entry.layout === layout ? readModel(entry, featureNames.length) : undefined;
          const ids = entry.ids.buffer;
          const values = new DataView(
            entry.values.buffer.buffer,
            entry.values.buffer.byteOffset,
            entry.values.length(),
          );
          for (let recording = 0; recording * ID_BYTES < ids.length; recording++) {
            const key = shortened(ids, recording * ID_BYTES);
            // The latest measurement comes first.
            if (seen.has(key)) continue;
            seen.add(key);
            if (model === undefined) {
              notComparable++;
              continue;
            }
            const start = recording * row.length * 4;
            for (let column = 0; column < row.length; column++) {
              row[column] = values.getFloat32(start + column * 4, true);
            }
            visit(row, model);
          }
        }
        return { notComparable };
      }),

    ensureIndexes: () =>
      onMongo(`create the indexes of ${name}`, async () => {
        await collection.createIndexes([
          { key: FEATURE_LOG_INDEX_KEY },
          { key: FEATURE_LOG_EXPIRY_KEY, expireAfterSeconds: 0 },
        ]);
      }),
  };
}

/** Equal only for the same features in the same order, with the training of the model that scored them. */
function layoutOf(featureNames: readonly string[]): string {
  const digest = createHash('sha256').update(featureNames.join()).digest('hex').slice(0, 16);
  return `${featureNames.length}:${digest}:training`;
}

function pack(recordings: readonly MeasuredRecording[], width: number): { ids: Binary; values: Binary } {
  const ids = Buffer.alloc(recordings.length * ID_BYTES);
  const values = Buffer.alloc(recordings.length * width * 4);
  recordings.forEach(({ resultDocumentId, features }, recording) => {
    ids.write(resultDocumentId, recording * ID_BYTES, 'hex');
    for (let column = 0; column < width; column++) {
      values.writeFloatLE(features[column]!, (recording * width + column) * 4);
    }
  });
  return { ids: new Binary(ids), values: new Binary(values) };
}

function packTraining({ means, stds }: TrainingStatistics, width: number): Binary {
  const bytes = Buffer.alloc(width * 16);
  for (let column = 0; column < width; column++) {
    bytes.writeDoubleLE(means[column]!, column * 16);
    bytes.writeDoubleLE(stds[column]!, column * 16 + 8);
  }
  return new Binary(bytes);
}

function readModel({ model, training }: FeatureLogEntry, width: number): ScoringModelNote {
  const { buffer, byteOffset, byteLength } = training.buffer;
  const values = new DataView(buffer, byteOffset, byteLength);
  const column = (offset: number): Float64Array =>
    Float64Array.from({ length: width }, (_, index) => values.getFloat64(index * 16 + offset, true));
  return { ...model, training: { means: column(0), stds: column(8) } };
}

/**
 * 52 bits of a SHA-256, as a number: a set of a million takes 40 MB instead of 150. That any two of a million recordings share them,
 * and one would be left out of a mean, happens in one run of ten thousand.
 */
function shortened(ids: Uint8Array, at: number): number {
  let key = 0;
  for (let byte = 0; byte < 6; byte++) key = key * 256 + ids[at + byte]!;
  return key * 16 + (ids[at + 6]! >> 4);
}
