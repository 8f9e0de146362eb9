import type { Collection } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import { interviewDigest } from '../interview-digest.js';
import type { ErasedInterviews } from './erased-interviews.js';

export interface Tombstone {
  /** The interview's digest. */
  _id: string;
  erased_at: Date;
}

const LOOKUP_TIMEOUT_MS = 10_000;
const MAJORITY_TIMEOUT_MS = 30_000;
const OF_MAJORITY = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const;

/**
 * Tombstones in MongoDB, kept for good: an id that comes again after years is refused as well.
 *
 * @param idKey `INTERVIEW_ID_KEY`
 */
export function createMongoErasedInterviews(
  collection: Collection<Tombstone>,
  idKey: string,
  now: () => Date = () => new Date(),
): ErasedInterviews {
  const name = collection.collectionName;
  const isErasedDigest = (digest: string): Promise<boolean> =>
    onMongo(`look up tombstones in ${name}`, async () => {
      const found = await collection.findOne(
        { _id: { $eq: digest } },
        { projection: { _id: 1 }, maxTimeMS: LOOKUP_TIMEOUT_MS, ...OF_MAJORITY },
      );
      return found !== null;
    });
  return {
    mark: (interviewId) =>
      onMongo(`write a tombstone into ${name}`, async () => {
        await collection.updateOne(
          { _id: { $eq: interviewDigest(interviewId, idKey) } },
          { $setOnInsert: { erased_at: now() } },
          { upsert: true, writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_TIMEOUT_MS } },
        );
      }),
    isErased: (interviewId) => isErasedDigest(interviewDigest(interviewId, idKey)),
    isErasedDigest,
    erasedSince: (since) =>
      onMongo(`list tombstones in ${name}`, async () => {
        const found = await collection
          .find({ erased_at: { $gte: since } }, { projection: { _id: 1 }, ...OF_MAJORITY })
          .toArray();
        return found.map(({ _id }) => _id);
      }),
    ensureIndexes: () =>
      onMongo(`create the index of ${name}`, async () => {
        await collection.createIndex({ erased_at: 1 });
      }),
  };
}
