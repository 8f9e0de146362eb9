import { MongoServerError, type IndexDescription } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { JobCollection } from './job-writes.js';

export const JOB_INDEXES: readonly IndexDescription[] = [
  // Also finds the jobs of an interview.
  { key: { interview_id: 1, interview_type: 1, bucket: 1, key: 1 }, unique: true },
  // What is new, by that nobody has taken it on; what is in work; counts by state.
  { key: { status: 1, admitted_at: 1 } },
  { key: { status: 1, data_process: 1 } },
  // An event of S3 names an object only.
  { key: { bucket: 1, key: 1 } },
  // The figures of a day.
  { key: { ended_at: 1 } },
];

/** By the server's code: what another try would meet again. */
const FINAL_REFUSALS: ReadonlyMap<number, string> = new Map([
  [13, 'this user may not create them'],
  [8000, 'this user may not create them'],
  [85, 'it has others of the same keys'],
  [86, 'it has others of the same names'],
  [11_000, 'it holds two jobs of the same interview, type, bucket and key'],
]);

/**
 * The collection is the upstream application's as well, and may be kept by somebody else.
 *
 * @returns why they could not be made, for whoever keeps the collection
 */
export async function ensureJobIndexes(collection: JobCollection): Promise<string | undefined> {
  const name = collection.collectionName;
  return onMongo(`create the indexes of ${name}`, async () => {
    try {
      await collection.createIndexes([...JOB_INDEXES]);
      return undefined;
    } catch (error) {
      const why = FINAL_REFUSALS.get(Number(error instanceof MongoServerError ? error.code : undefined));
      if (why === undefined) throw error;
      return `MongoDB refuses the indexes of ${name} (${why})`;
    }
  });
}
