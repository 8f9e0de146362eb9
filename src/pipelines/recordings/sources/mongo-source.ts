import { MongoServerError, type Collection, type Document } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import { RECORD_TYPES } from '../contract/source-row.js';
import { writeMongoBacklinks } from './mongo-backlinks.js';
import { areStillEligible } from './mongo-eligibility.js';
import { countMongoRows } from './mongo-passed-over.js';
import { createMongoPageReader } from './mongo-page-reader.js';
import type { SourceRepository } from './source-repository.js';

export interface MongoSourceDependencies {
  /** `MONGO_SOURCE_COLLECTION`; the client behind it belongs to the caller and is not closed here. */
  collection: Collection;
  /** Present time in milliseconds since the epoch. */
  nowMs?: () => number;
  /** In which zone a timestamp falls on a test date: an IANA name, as `TEST_DATE_TIME_ZONE`. @default UTC */
  timeZone?: string | undefined;
}

/** Source documents with nested assessments, in MongoDB. */
export function createMongoSource({
  collection,
  nowMs = Date.now,
  timeZone = 'UTC',
}: MongoSourceDependencies): SourceRepository {
  const sourceCollection = collection.collectionName;
  return {
    sourceCollection,
    readPage: createMongoPageReader({ collection, nowMs, timeZone }),
    countRows: (query) => countMongoRows(collection, query, timeZone),
    stillEligible: (keys, signal) => areStillEligible(collection, keys, timeZone, signal),
    writeBacklinks: (backlinks) => writeMongoBacklinks(collection, backlinks, timeZone),
    ensureIndexes: () =>
      onMongo(`create the indexes of ${sourceCollection}`, async () => {
        try {
          await collection.createIndexes(SOURCE_INDEXED_FIELDS.map((field) => ({ key: { [field]: 1 } })));
          return undefined;
        } catch (error) {
          const code = error instanceof MongoServerError ? error.code : undefined;
          const why = FINAL_REFUSALS.get(Number(code));
          if (why === undefined) throw error;
          return `MongoDB refuses indexes on ${sourceCollection} (${why}): ask whoever keeps it for ${SOURCE_INDEXED_FIELDS.join(', ')}`;
        }
      }),
    ping: () =>
      onMongo('answer a ping', async () => {
        await collection.db.command({ ping: 1 } satisfies Document);
      }),
    close: () => Promise.resolve(),
  };
}

/** By the server's code: what another try would meet again. */
const FINAL_REFUSALS: ReadonlyMap<number, string> = new Map([
  [13, 'this user may not create them'],
  [8000, 'this user may not create them'],
  [20, 'they cannot be made here'],
  [67, 'they cannot be made on this kind of collection'],
  [72, 'they cannot be made on this kind of collection'],
  [115, 'the server does not support them'],
  [166, 'it is a view'],
  [303, 'the server does not support them'],
  [85, 'it has others of the same keys'],
  [86, 'it has others of the same names'],
]);

/** The fields that paging and other programs of the source look up. */
export const SOURCE_INDEXED_FIELDS = [
  'assessments.test_date',
  ...RECORD_TYPES.flatMap((recordType) => [
    `assessments.${recordType}.subjects.subject_name`,
    `assessments.${recordType}.subjects.subject_created_at`,
  ]),
];
