import {
  MongoBulkWriteError,
  type AnyBulkWriteOperation,
  type Collection,
  type IndexDescription,
} from 'mongodb';
import type { ResultDocument } from '../contract/result-document.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { ResultRepository, UpsertReport } from './result-repository.js';

/** Large enough to be quick, small enough that one refused write names few neighbours as undecided. */
export const UPSERT_CHUNK_SIZE = 500;
/** Hundreds of ids in the `_id` index: more than this is a database in trouble, and the step tries again. */
export const LOOKUP_TIMEOUT_MS = 10_000;
/** A majority that takes longer is not there; the bulk is written again. */
const MAJORITY_TIMEOUT_MS = 30_000;
const DUPLICATE_KEY = 11_000;

export const RESULT_INDEXES: IndexDescription[] = [
  {
    key: {
      'source.mongo_doc_id': 1,
      'source.test_date': 1,
      'source.record_type': 1,
      'source.subject_id': 1,
    },
  },
  { key: { 'source.test_date': 1, 'processing.processed_at': 1 } },
  { key: { 'source.test_date': 1, 'inference.is_anomaly': 1 } },
];

/**
 * Results in MongoDB.
 *
 * Reads and writes are of the majority: what exists here ends a recording's way, so it must survive a failover.
 */
export function createMongoResultRepository(collection: Collection<ResultDocument>): ResultRepository {
  const results = collection.collectionName;
  return {
    findExisting: (ids) =>
      onMongo(`look up results in ${results}`, async () => {
        if (ids.length === 0) return new Set<string>();
        const found = await collection
          .find(
            { _id: { $in: [...ids] } },
            {
              projection: { _id: 1 },
              maxTimeMS: LOOKUP_TIMEOUT_MS,
              readConcern: { level: 'majority' },
              readPreference: 'primary',
            },
          )
          .toArray();
        return new Set(found.map((document) => document._id));
      }),

    async upsertResults(documents) {
      const report: UpsertReport = { durable: [], failed: [] };
      for (let start = 0; start < documents.length; start += UPSERT_CHUNK_SIZE) {
        const chunk = documents.slice(start, start + UPSERT_CHUNK_SIZE);
        await onMongo(`write results into ${results}`, () => upsertChunk(collection, chunk, report));
      }
      return report;
    },

    ensureIndexes: () =>
      onMongo(`create the indexes of ${results}`, async () => {
        await collection.createIndexes(RESULT_INDEXES);
      }),

    ping: () =>
      onMongo('answer a ping', async () => {
        await collection.db.command({ ping: 1 });
      }),
  };
}

async function upsertChunk(
  collection: Collection<ResultDocument>,
  chunk: readonly ResultDocument[],
  report: UpsertReport,
): Promise<void> {
  const refused = await bulkUpsert(collection, chunk);
  // Two deliveries of one recording may insert at the same moment; the loser's second attempt is an update.
  const raced = chunk.filter((_, index) => refused.get(index) === DUPLICATE_KEY);
  const refusedAgain = raced.length > 0 ? await bulkUpsert(collection, raced) : new Map<number, number>();
  for (const [index, document] of chunk.entries()) {
    const first = refused.get(index);
    const code = first === DUPLICATE_KEY ? refusedAgain.get(raced.indexOf(document)) : first;
    if (code === undefined) report.durable.push(document._id);
    else report.failed.push({ id: document._id, code: String(code) });
  }
}

/** @returns the server's code for each index that it refused; throws when anything else is in doubt */
async function bulkUpsert(
  collection: Collection<ResultDocument>,
  documents: readonly ResultDocument[],
): Promise<Map<number, number>> {
  try {
    await collection.bulkWrite(documents.map(upsertOf), {
      ordered: false,
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_TIMEOUT_MS },
    });
    return new Map();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const refused = [error.writeErrors].flat();
    // Without refused writes the whole command failed; without the majority, even accepted writes may be undone.
    if (refused.length === 0 || error.result.getWriteConcernError() !== undefined) throw error;
    return new Map(refused.map(({ index, code }) => [index, code]));
  }
}

function upsertOf({ _id, created_at, ...rest }: ResultDocument): AnyBulkWriteOperation<ResultDocument> {
  // What a shadow said of an older score would stand beside the new one as if it were of it.
  const withoutShadow = rest.inference_shadow === undefined;
  return {
    updateOne: {
      // `$eq` keeps the id a value whatever it is.
      filter: { _id: { $eq: _id } },
      update: {
        $set: rest,
        ...(withoutShadow && { $unset: { inference_shadow: true } }),
        $setOnInsert: { created_at },
      },
      upsert: true,
    },
  };
}
