import type { Collection } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { SentLog } from './sent-log.js';

/** A day longer than SQS can keep a message (14 days): until then it may still be on its way to a result. */
export const SENT_LOG_RETENTION_SECONDS = 15 * 24 * 3_600;
export const SENT_LOG_INDEX_KEY = { sent_at: 1 } as const;
const LOOKUP_TIMEOUT_MS = 10_000;

export interface SentEntry {
  /** `<run key>:<result_document_id>` */
  _id: string;
  run_key: string;
  sent_at: Date;
}

/** The collection's name, beside the state it belongs to. */
export function sentLogCollectionName(stateCollection: string): string {
  return `${stateCollection}_sent`;
}

/** The sent log in MongoDB; entries vanish by age through a TTL index. */
export function createMongoSentLog(
  collection: Collection<SentEntry>,
  now: () => Date = () => new Date(),
): SentLog {
  const name = collection.collectionName;
  return {
    remember: (runKey, ids) =>
      onMongo(`remember sent rows in ${name}`, async () => {
        if (ids.length === 0) return;
        const sent_at = now();
        await collection.bulkWrite(
          ids.map((id) => ({
            updateOne: {
              filter: { _id: { $eq: `${runKey}:${id}` } },
              update: { $set: { run_key: runKey, sent_at } },
              upsert: true,
            },
          })),
          { ordered: false, writeConcern: { w: 'majority' } },
        );
      }),

    alreadySent: (runKey, ids) =>
      onMongo(`look up sent rows in ${name}`, async () => {
        if (ids.length === 0) return new Set<string>();
        const found = await collection
          .find(
            { _id: { $in: ids.map((id) => `${runKey}:${id}`) } },
            {
              projection: { _id: 1 },
              maxTimeMS: LOOKUP_TIMEOUT_MS,
            },
          )
          .toArray();
        return new Set(found.map((entry) => entry._id.slice(runKey.length + 1)));
      }),

    forget: (runKey) =>
      onMongo(`forget sent rows in ${name}`, async () => {
        // The range of ids is the index's work; the run key then spares a run whose key starts with this one.
        await collection.deleteMany({
          _id: { $gte: `${runKey}:`, $lt: `${runKey};` },
          run_key: { $eq: runKey },
        });
      }),

    ensureIndexes: () =>
      onMongo(`create the index of ${name}`, async () => {
        await collection.createIndex(
          SENT_LOG_INDEX_KEY,
          { expireAfterSeconds: SENT_LOG_RETENTION_SECONDS },
          {},
        );
      }),
  };
}
