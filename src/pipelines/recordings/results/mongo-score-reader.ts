import type { Collection, Document, Filter } from 'mongodb';
import { toUtcMidnight } from '../../../contract/dates.js';
import { createMongoClient, mongoDatabase } from '../../../platform/mongo-client.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { ResultDocument } from '../contract/result-document.js';
import type { ResultsAccess } from '../report/mongo-run-reader.js';
import type { ModelScores, ScoreReader, ScoresOf, StoredScore } from './score-reader.js';

/** 900,000 documents of 2 KB are read from a cold disk within this. */
const READ_TIMEOUT_MS = 10 * 60_000;
/** A query of so many ids has 70 KB. */
const IDS_AT_ONCE = 1_000;

const SCORE = {
  'inference.anomaly_score': 1,
  'inference.is_anomaly': 1,
  'inference.threshold': 1,
  'inference.model_name': 1,
  'inference.model_version': 1,
} as const;

/** Scores in MongoDB, read from a secondary where there is one. */
export function createMongoScoreReader(settings: ResultsAccess): ScoreReader {
  const mongo = createMongoClient(settings, {
    appName: 'vachan-evaluate',
    readPreference: 'secondaryPreferred',
  });
  const collection = mongoDatabase(mongo, settings).collection<ResultDocument>(
    settings.MONGO_RESULT_COLLECTION,
  );
  return { ...scoresIn(collection), close: () => mongo.close() };
}

/** As {@link ScoreReader}, of a collection of the caller's. */
export function scoresIn(collection: Collection<ResultDocument>): Omit<ScoreReader, 'close'> {
  const reading = <T>(of: ScoresOf, read: () => Promise<T>): Promise<T> =>
    onMongo(`read the results of ${of.testDate}`, read);
  return {
    ofIds: (of, ids) =>
      reading(of, async () => {
        const found: Awaited<ReturnType<ScoreReader['ofIds']>> = [];
        for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
          const some = ids.slice(at, at + IDS_AT_ONCE);
          const documents = collection.find(
            { ...resultsOf(of), _id: { $in: some } },
            { projection: { ...SCORE, 'inference.reasons': 1 }, maxTimeMS: READ_TIMEOUT_MS },
          );
          for await (const document of documents) {
            // Results of the Python worker have none.
            const reasons = document.inference.reasons as typeof document.inference.reasons | undefined;
            found.push({ ...scoreOf(document), reasons: reasons ?? [] });
          }
        }
        return found;
      }),

    models: (of) =>
      reading(of, async () => {
        const groups = await collection
          .aggregate<ModelGroup>([{ $match: resultsOf(of) }, { $group: BY_MODEL }], {
            allowDiskUse: true,
            maxTimeMS: READ_TIMEOUT_MS,
          })
          .toArray();
        return groups
          .map(({ _id, recordings, flagged }): ModelScores => ({
            name: _id.name,
            version: _id.version,
            threshold: _id.threshold ?? null,
            flagged,
            passed: recordings - flagged,
          }))
          .sort((a, b) => b.flagged + b.passed - (a.flagged + a.passed));
      }),

    async *scores(of) {
      const cursor = collection.find(resultsOf(of), { projection: SCORE, maxTimeMS: READ_TIMEOUT_MS });
      try {
        for (;;) {
          const document = await reading(of, () => cursor.next());
          if (document === null) return;
          yield scoreOf(document);
        }
      } finally {
        await cursor.close();
      }
    },
  };
}

interface ModelGroup extends Document {
  _id: { name: string; version: string; threshold?: number | null };
  recordings: number;
  flagged: number;
}
const BY_MODEL: Document = {
  _id: {
    name: '$inference.model_name',
    version: '$inference.model_version',
    threshold: '$inference.threshold',
  },
  recordings: { $sum: 1 },
  flagged: { $sum: { $cond: ['$inference.is_anomaly', 1, 0] } },
};

/** The first key of two indexes; the collection's name is looked at in what they find. */
const resultsOf = ({ testDate, sourceCollection }: ScoresOf): Filter<ResultDocument> => ({
  'source.test_date': { $eq: toUtcMidnight(testDate) },
  'source.source_collection': { $eq: sourceCollection },
});

function scoreOf({ _id, inference }: Pick<ResultDocument, '_id' | 'inference'>): StoredScore {
  // Results of the Python worker have none.
  const threshold = inference.threshold as number | undefined;
  return {
    id: _id,
    score: inference.anomaly_score,
    flagged: inference.is_anomaly,
    threshold: threshold ?? null,
    modelName: inference.model_name,
    modelVersion: inference.model_version,
  };
}
