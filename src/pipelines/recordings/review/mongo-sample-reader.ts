import type { Collection, Document } from 'mongodb';
import { toUtcMidnight } from '../../../contract/dates.js';
import { createMongoClient, mongoDatabase } from '../../../platform/mongo-client.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { ResultDocument } from '../contract/result-document.js';
import type { ResultsAccess } from '../report/mongo-run-reader.js';
import { reportedRecording, SHOWN } from '../report/reported-recording.js';
import type { Sample } from '../evaluation/labels/verdicts-csv.js';
import { createRandomSample, inPlayingOrder } from './sample.js';
import type { ReviewSample, SampledRecording, SampleReader } from './sample-reader.js';

/** Ids of 900,000 results are read from a cold disk within this. */
const READ_TIMEOUT_MS = 10 * 60_000;
/** Ids a round trip: 70 bytes each. */
const IDS_AT_ONCE = 10_000;

/** The sample of a review, read from a secondary where there is one. */
export function createMongoSampleReader(settings: ResultsAccess): SampleReader {
  const mongo = createMongoClient(settings, {
    appName: 'vachan-review',
    readPreference: 'secondaryPreferred',
  });
  const collection = mongoDatabase(mongo, settings).collection<ResultDocument>(
    settings.MONGO_RESULT_COLLECTION,
  );
  return {
    read: (wanted) => onMongo(`read the results of ${wanted.testDate}`, () => readSample(collection, wanted)),
    ofDate: (testDate, sourceCollection, ids) =>
      onMongo(`look up results of ${testDate}`, async () => {
        const match = { ...dateMatch(testDate, sourceCollection), _id: { $in: ids } };
        const found = await collection.find(match, { projection: { 'inference.is_anomaly': 1 } }).toArray();
        return found.map(({ _id: id, inference }) => ({ id, flagged: inference.is_anomaly }));
      }),
    close: () => mongo.close(),
  };
}

type Wanted = Parameters<SampleReader['read']>[0];

/** As {@link SampleReader.read}, on a collection of the caller's. */
export async function readSample(
  collection: Collection<ResultDocument>,
  { testDate, sourceCollection, top, random, randomFrom, seed }: Wanted,
): Promise<ReviewSample> {
  const match = dateMatch(testDate, sourceCollection);
  const options = { maxTimeMS: READ_TIMEOUT_MS };
  const models = (
    await collection
      .aggregate<{ _id: { name: string; version: string }; recordings: number }>(
        [{ $match: match }, { $group: BY_MODEL }, { $sort: { recordings: -1 } }],
        { ...options, allowDiskUse: true },
      )
      .toArray()
  ).map(({ _id, recordings }) => ({ ..._id, recordings }));

  const highest =
    top === 0
      ? []
      : await collection
          .find({ ...match, 'inference.is_anomaly': true }, { ...options, projection: { _id: 1 } })
          .sort({ 'inference.anomaly_score': -1, _id: 1 })
          .limit(top)
          .toArray();
  const samples = new Map<string, Sample>(highest.map(({ _id }) => [_id, 'top']));

  const chosen = createRandomSample(seed, random);
  if (random > 0) {
    const drawnFrom = collection.find(
      { ...match, ...(randomFrom === 'normal' && { 'inference.is_anomaly': false }) },
      { ...options, projection: { _id: 1 }, batchSize: IDS_AT_ONCE },
    );
    for await (const { _id } of drawnFrom) chosen.offer(_id);
  }
  const drawn = chosen.ids();
  for (const id of drawn) samples.set(id, 'random');

  const documents = await collection
    .find({ ...match, _id: { $in: [...samples.keys()] } }, { ...options, projection: SHOWN })
    .toArray();
  const recordings = documents.map((document): SampledRecording => ({
    ...reportedRecording(document),
    sample: samples.get(document._id)!,
  }));
  return {
    recordings: inPlayingOrder(seed, recordings),
    top: highest.length,
    random: drawn.length,
    results: models.reduce((sum, model) => sum + model.recordings, 0),
    models,
  };
}

function dateMatch(testDate: string, sourceCollection: string): Document {
  return { 'source.test_date': toUtcMidnight(testDate), 'source.source_collection': sourceCollection };
}

const BY_MODEL: Document = {
  _id: { name: '$inference.model_name', version: '$inference.model_version' },
  recordings: { $sum: 1 },
};
