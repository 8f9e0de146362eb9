import { MongoClient, type Collection } from 'mongodb';
import { createMongoErasedInterviews } from '#vachan/pipelines/interviews/erase/mongo-erased-interviews.js';
import { createMongoInterviewParts } from '#vachan/pipelines/interviews/results/mongo-interview-parts.js';
import { createMongoInterviewResults } from '#vachan/pipelines/interviews/results/mongo-interview-results.js';
import type { SeriesObjects } from '#vachan/pipelines/interviews/results/series-objects.js';
import { freshDatabase } from '../../embedded-stack.js';

export const ID_KEY = 'a key of the tests that is long enough';

/** Repositories over a database of their own. */
export async function resultsUnderTest(series?: SeriesObjects) {
  const { uri, database } = freshDatabase();
  const client = await new MongoClient(uri).connect();
  const db = client.db(database);
  const held = new Map<string, string>();
  /** Looks at the claim while a result is stored: at the very first, just before the write, and after it. */
  const hooks = { onLook: (_look: number): Promise<void> | void => undefined };
  let looks = 0;
  const erased = createMongoErasedInterviews(db.collection('erased'), ID_KEY);
  const parts = createMongoInterviewParts(db.collection('parts'));
  const results = createMongoInterviewResults(db.collection('results'), {
    jobs: {
      holds: async (jobId, runId) => {
        looks += 1;
        await hooks.onLook(looks);
        return held.get(jobId) === runId;
      },
    },
    erased,
    series,
  });
  await Promise.all([erased.ensureIndexes(), parts.ensureIndexes(), results.ensureIndexes()]);
  return {
    client,
    erased,
    parts,
    results,
    /** Which run holds which job. */
    held,
    hooks,
    collection: (name: string): Collection => db.collection(name),
    close: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
}
