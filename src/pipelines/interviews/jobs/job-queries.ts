import { ObjectId, type Document, type Filter, type WithId } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import { FILE_READY, JOB_STATUS, type InterviewJob, type JobStatus } from '../contract/job.js';
import type { InterviewJobs } from './interview-jobs.js';
import { InvalidJob } from './job-errors.js';
import { readJob, type JobDocument } from './job-document.js';
import { FROM_PRIMARY, type JobCollection } from './job-writes.js';

/** Far more than an interview has. */
const MOST_JOBS_OF_AN_INTERVIEW = 1_000;
/** Counting all jobs of a large collection by its index of states takes seconds. */
const COUNT_TIMEOUT_MS = 30_000;

/** Comparing with it also leaves out what has an `_id` of another kind, which no job has. */
const BEFORE_ALL = '0'.repeat(24);

type JobQueries = Pick<InterviewJobs, 'ofInterview' | 'count' | 'endedSince' | 'list'>;

export function createJobQueries(collection: JobCollection): JobQueries {
  const name = collection.collectionName;
  const aggregate = (pipeline: Document[]): Promise<Document[]> =>
    onMongo(`count the jobs of ${name}`, () =>
      collection.aggregate(pipeline, { ...FROM_PRIMARY, maxTimeMS: COUNT_TIMEOUT_MS }).toArray(),
    );

  return {
    ofInterview: (interviewId) =>
      onMongo(`read jobs from ${name}`, async () => {
        const found = await collection
          .find({ interview_id: { $eq: interviewId } }, FROM_PRIMARY)
          .sort({ _id: 1 })
          .limit(MOST_JOBS_OF_AN_INTERVIEW)
          .toArray();
        return readable(found);
      }),

    async count() {
      // Each is counted in the index of states; the documents of years are not read.
      const of = (filter: Filter<JobDocument>): Promise<number> =>
        onMongo(`count the jobs of ${name}`, () =>
          collection.countDocuments(filter, { ...FROM_PRIMARY, maxTimeMS: COUNT_TIMEOUT_MS }),
        );
      const { pending, processing, failed, completed } = JOB_STATUS;
      const [waiting, ready, inWork, ended, done] = await Promise.all([
        // A state that nobody knows is not admitted yet: it waits to be looked at.
        of({ status: { $nin: [processing, failed, completed] } }),
        of({ status: pending, data_process: FILE_READY.yes }),
        of({ status: processing }),
        of({ status: failed }),
        of({ status: completed }),
      ]);
      return {
        total: waiting + inWork + ended + done,
        byStatus: { [pending]: waiting, [processing]: inWork, [failed]: ended, [completed]: done },
        ready,
      };
    },

    async endedSince(since) {
      const groups = await aggregate([
        { $match: { ended_at: { $gte: since } } },
        {
          $group: {
            _id: '$status',
            jobs: { $sum: 1 },
            milliseconds: { $avg: { $subtract: ['$ended_at', '$started_at'] } },
          },
        },
      ]);
      const of = (status: JobStatus): Document | undefined => groups.find(({ _id }) => _id === status);
      const completed = of(JOB_STATUS.completed) as { jobs: number; milliseconds: number | null } | undefined;
      return {
        completed: completed?.jobs ?? 0,
        failed: Number(of(JOB_STATUS.failed)?.['jobs'] ?? 0),
        averageSeconds: completed?.milliseconds == null ? null : completed.milliseconds / 1000,
      };
    },

    list: ({ status, interviewId }, { limit, after = BEFORE_ALL }) =>
      onMongo(`list jobs of ${name}`, async () => {
        const found = await collection
          .find(
            {
              ...(status !== undefined && { status: { $eq: status } }),
              ...(interviewId !== undefined && { interview_id: { $eq: interviewId } }),
              _id: { $gt: new ObjectId(after) },
            },
            FROM_PRIMARY,
          )
          .sort({ _id: 1 })
          .limit(limit)
          .toArray();
        const last = found.length === limit ? found.at(-1)?._id : undefined;
        return { jobs: readable(found), next: last?.toHexString() };
      }),
  };
}

/** Without the documents that are none. */
export function readable(documents: readonly WithId<JobDocument>[]): InterviewJob[] {
  return documents.flatMap((document) => {
    try {
      return [readJob(document)];
    } catch (error) {
      if (error instanceof InvalidJob) return [];
      throw error;
    }
  });
}
