import { MongoServerError, type Collection, type Filter } from 'mongodb';
import { describeIssues } from '../../../contract/issues.js';
import { stateDocumentId, stateDocumentSchema, type StateDocument } from '../contract/state-document.js';
import type { Watermark } from '../contract/watermark.js';
import { InvalidInput } from '../../../platform/errors.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { StateRepository } from './state-repository.js';

const DUPLICATE_KEY = 11_000;

/** Unique: one document per pipeline, stage, source and date. */
export const STATE_INDEX_KEY = { pipeline_name: 1, stage: 1, source_collection: 1, test_date: 1 } as const;

/** The keys of a watermark in the order in which they compare. */
const WATERMARK_KEYS = [
  'last_processed_timestamp',
  'last_processed_doc_id',
  'last_processed_subject_id',
  'last_processed_record_type',
] as const satisfies (keyof Watermark)[];

/** `anomaly_pipeline_state` in MongoDB. */
export function createMongoStateRepository(
  collection: Collection<StateDocument>,
  now: () => Date = () => new Date(),
): StateRepository {
  const name = collection.collectionName;
  return {
    async load(sourceCollection, testDate) {
      const _id = stateDocumentId(sourceCollection, testDate);
      const stored = await onMongo(`load the state from ${name}`, () =>
        collection.findOne({ _id: { $eq: _id } }),
      );
      if (stored === null) return null;
      const parsed = stateDocumentSchema.safeParse(stored);
      if (parsed.success) return parsed.data;
      throw new InvalidInput(
        `State document ${_id} in ${name} cannot be read (${describeIssues(parsed.error)}): ` +
          'correct or remove it, or start a backfill, which begins it anew.',
      );
    },

    async save(state, { startsAnew = false } = {}) {
      const _id = stateDocumentId(state.source_collection, state.test_date);
      const allowed = notAheadOf(state.watermark);
      if (startsAnew && state.mode === 'backfill') {
        allowed.push({ 'last_run.run_id': { $ne: state.last_run.run_id } });
      }
      const at = now();
      const write = async (): Promise<boolean> => {
        try {
          await collection.updateOne(
            { _id: { $eq: _id }, $or: allowed },
            { $set: { ...state, updated_at: at }, $setOnInsert: { created_at: at } },
            {
              upsert: true,
              // Byte-wise, as the watermark's order is, whatever collation the collection was made with.
              collation: { locale: 'simple' },
              writeConcern: { w: 'majority', journal: true },
            },
          );
          return true;
        } catch (error) {
          // The condition kept the document from matching, so the upsert met its `_id`.
          if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return false;
          throw error;
        }
      };
      return onMongo(`save the state to ${name}`, async () => {
        // The first refusal may also be two first writes that met; then the document is there now, and decides.
        return (await write()) || (await write()) ? 'saved' : 'refused_older';
      });
    },

    ensureIndexes: () =>
      onMongo(`create the index of ${name}`, async () => {
        await collection.createIndex(STATE_INDEX_KEY, { unique: true }, {});
      }),
  };
}

/** Conditions of which one must hold for a stored watermark to be at or behind this one. */
function notAheadOf(watermark: Watermark | null): Filter<StateDocument>[] {
  const conditions: Filter<StateDocument>[] = [{ watermark: null }];
  if (watermark === null) return conditions;
  for (const [depth, key] of WATERMARK_KEYS.entries()) {
    const condition: Record<string, unknown> = {};
    for (const earlier of WATERMARK_KEYS.slice(0, depth)) {
      condition[`watermark.${earlier}`] = { $eq: watermark[earlier] };
    }
    const last = depth === WATERMARK_KEYS.length - 1;
    condition[`watermark.${key}`] = { [last ? '$lte' : '$lt']: watermark[key] };
    conditions.push(condition);
  }
  return conditions;
}
