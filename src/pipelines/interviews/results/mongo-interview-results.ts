import { MongoServerError, type Collection, type Filter } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { InterviewResult } from '../contract/result.js';
import type { ErasedInterviews } from '../erase/erased-interviews.js';
import { InterviewErased } from '../jobs/job-errors.js';
import type { InterviewJobs } from '../jobs/interview-jobs.js';
import type { InterviewResults } from './interview-results.js';
import { ClaimLost } from './result-errors.js';
import { withPlacedSeries, type SeriesObjects } from './series-objects.js';

const READ_TIMEOUT_MS = 10_000;
const DUPLICATE_KEY = 11_000;
/** Each round is lost only to another writer of the same document, of whom at most one holds the job. */
const MOST_ROUNDS = 10;

const OF_MAJORITY = {
  maxTimeMS: READ_TIMEOUT_MS,
  readConcern: { level: 'majority' },
  readPreference: 'primary',
} as const;
const DURABLE = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 30_000 } } as const;

export interface ResultsParts {
  jobs: Pick<InterviewJobs, 'holds'>;
  erased: Pick<ErasedInterviews, 'isErasedDigest'>;
  /** Undefined where no series is kept outside of its document. */
  series: SeriesObjects | undefined;
}

/** Results in MongoDB. */
export function createMongoInterviewResults(
  collection: Collection<InterviewResult>,
  { jobs, erased, series }: ResultsParts,
): InterviewResults {
  const name = collection.collectionName;

  async function mayWrite(result: InterviewResult): Promise<void> {
    if (await erased.isErasedDigest(result.interview_digest)) {
      throw new InterviewErased(`the interview of job ${result.job_id} was erased: no result is kept`);
    }
    if (!(await jobs.holds(result.job_id, result.run_id))) {
      throw new ClaimLost(`job ${result.job_id} is no longer of this claim: no result is written`);
    }
  }

  /**
   * Whether the document is written. A claim that was lost meanwhile changes nothing: whoever has taken the job writes
   * either before this looks, and then the job is not held any more, or after it, and then `run_id` is another one.
   */
  async function writeOnce(result: InterviewResult): Promise<boolean> {
    const { _id } = result;
    const there = await collection.findOne(
      { _id: { $eq: _id } },
      { projection: { run_id: 1 }, ...OF_MAJORITY },
    );
    await mayWrite(result);
    if (there === null) {
      try {
        await collection.insertOne(result, DURABLE);
        return true;
      } catch (error) {
        if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return false;
        throw error;
      }
    }
    const { matchedCount } = await collection.replaceOne(
      { _id: { $eq: _id }, run_id: { $eq: there.run_id } },
      result,
      DURABLE,
    );
    return matchedCount === 1;
  }

  async function remove(filter: Filter<InterviewResult>): Promise<number> {
    let removed = 0;
    // One by one: a series must not outlive the document that names it.
    for await (const { _id, series: stored } of collection.find(filter, {
      projection: { 'series.columns': 0 },
      ...OF_MAJORITY,
    })) {
      if (stored.stored === 's3') await series?.remove(stored);
      // Still by the filter: whoever holds the job may have replaced it meanwhile.
      const { deletedCount } = await collection.deleteOne({ $and: [filter, { _id: { $eq: _id } }] }, DURABLE);
      removed += deletedCount;
    }
    return removed;
  }

  return {
    store: (given) =>
      onMongo(`write a result into ${name}`, async () => {
        await mayWrite(given);
        const result = await withPlacedSeries(given, series);
        let written = false;
        for (let round = 0; !written && round < MOST_ROUNDS; round++) written = await writeOnce(result);
        if (!written) throw new ClaimLost(`job ${result.job_id} is written by several claims at once`);
        try {
          // Erasing and taking a job over may have come between the look and the write.
          await mayWrite(result);
        } catch (error) {
          if (error instanceof InterviewErased || error instanceof ClaimLost) {
            await remove({ _id: { $eq: result._id }, run_id: { $eq: result.run_id } });
          }
          throw error;
        }
        const { interview_id, interview_type, bucket, key, _id } = result;
        await collection.updateMany(
          {
            interview_id: { $eq: interview_id },
            interview_type: { $eq: interview_type },
            bucket: { $eq: bucket },
            key: { $eq: key },
            _id: { $ne: _id },
          },
          { $set: { superseded_by: _id } },
          DURABLE,
        );
      }),

    get: (id) =>
      onMongo(`read a result of ${name}`, async () => {
        return (await collection.findOne({ _id: { $eq: id } }, OF_MAJORITY)) ?? undefined;
      }),

    engineVersionOf: (id) =>
      onMongo(`read a result of ${name}`, async () => {
        const projection = { engine_version: 1 };
        const found = await collection.findOne({ _id: { $eq: id } }, { projection, ...OF_MAJORITY });
        return found?.engine_version;
      }),

    ofInterview: (interviewId) =>
      onMongo(`read results of ${name}`, () =>
        collection
          .find({ interview_id: { $eq: interviewId }, superseded_by: { $exists: false } }, OF_MAJORITY)
          .sort({ interview_type: -1, bucket: 1, key: 1 })
          .toArray(),
      ),

    removeExpired: (now) =>
      onMongo(`remove results from ${name}`, () => remove({ expires_at: { $lte: now } })),

    removeErased: (digests) =>
      onMongo(`remove results from ${name}`, async () => {
        if (digests.length === 0) return 0;
        const removed = await remove({ interview_digest: { $in: [...digests] } });
        for (const digest of digests) await series?.removeErased(digest);
        return removed;
      }),

    ensureIndexes: () =>
      onMongo(`create the indexes of ${name}`, async () => {
        await collection.createIndexes([
          { key: { interview_id: 1, interview_type: 1, bucket: 1, key: 1 } },
          { key: { interview_digest: 1 } },
          { key: { expires_at: 1 }, partialFilterExpression: { expires_at: { $exists: true } } },
        ]);
      }),
  };
}
