import type { Collection, Document } from 'mongodb';
import { onMongo } from '../platform/mongo-errors.js';
import { RECORD_TYPES } from '../contract/source-row.js';
import { writeMongoBacklinks } from './mongo-backlinks.js';
import { areStillEligible } from './mongo-eligibility.js';
import { createMongoPageReader } from './mongo-page-reader.js';
import type { SourceRepository } from './source-repository.js';

export interface MongoSourceDependencies {
  /** `MONGO_SOURCE_COLLECTION`; the client behind it belongs to the caller and is not closed here. */
  collection: Collection;
  /** Present time in milliseconds since the epoch. */
  nowMs?: () => number;
}

/** Source documents with nested assessments, in MongoDB. */
export function createMongoSource({
  collection,
  nowMs = Date.now,
}: MongoSourceDependencies): SourceRepository {
  const sourceCollection = collection.collectionName;
  return {
    sourceCollection,
    readPage: createMongoPageReader({ collection, nowMs }),
    stillEligible: (keys, signal) => areStillEligible(collection, keys, signal),
    writeBacklinks: (backlinks) => writeMongoBacklinks(collection, backlinks),
    ensureIndexes: () =>
      onMongo(`create the indexes of ${sourceCollection}`, async () => {
        await collection.createIndexes(SOURCE_INDEXED_FIELDS.map((field) => ({ key: { [field]: 1 } })));
      }),
    ping: () =>
      onMongo('answer a ping', async () => {
        await collection.db.command({ ping: 1 } satisfies Document);
      }),
    close: () => Promise.resolve(),
  };
}

/** The fields that paging and other programs of the source look up. */
export const SOURCE_INDEXED_FIELDS = [
  'assessments.test_date',
  ...RECORD_TYPES.flatMap((recordType) => [
    `assessments.${recordType}.subjects.subject_name`,
    `assessments.${recordType}.subjects.subject_created_at`,
  ]),
];
