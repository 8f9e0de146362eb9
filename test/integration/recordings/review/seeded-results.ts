import { MongoClient } from 'mongodb';
import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { storedResult } from '../results/stored-result.js';
import { freshDatabase, freshFolder, freshName } from '../../embedded-stack.js';

export { resultId, TEST_DATE } from '../results/stored-result.js';
export const THRESHOLD = 0.5;

/** Of a result that a test names; the rest of it is as a worker writes it. */
export interface Seed {
  index: number;
  score: number;
  address: string;
  testDate?: string;
  modelVersion?: string;
}

function resultDocument(collection: string, { modelVersion = '0.1.0', ...seed }: Seed): ResultDocument {
  return storedResult({
    collection,
    ...seed,
    inference: { threshold: THRESHOLD, model_version: modelVersion },
  });
}

export interface Seeded {
  /** What `vachan` needs to find these results, and no others. */
  environment: Record<string, string>;
  folder: string;
}

/** A result collection of its own with these results. */
export async function seedResults(seeds: readonly Seed[]): Promise<Seeded> {
  const { uri, database } = freshDatabase();
  const [source, results, folder] = [freshName('source'), freshName('results'), freshFolder()];
  const mongo = await MongoClient.connect(uri);
  try {
    const collection = mongo.db(database).collection<ResultDocument>(results);
    if (seeds.length > 0) await collection.insertMany(seeds.map((seed) => resultDocument(source, seed)));
  } finally {
    await mongo.close();
  }
  return {
    folder,
    environment: {
      MONGO_URI: uri,
      MONGO_DB_NAME: database,
      MONGO_RESULT_COLLECTION: results,
      MONGO_SOURCE_COLLECTION: source,
      DISCOVERY_SOURCE_TYPE: 'mongo',
      SCRATCH_PATH: `${folder}/scratch`,
    },
  };
}
