import { MongoClient } from 'mongodb';
import { FILE_READY, JOB_STATUS } from '#vachan/pipelines/interviews/contract/job.js';
import { INTERVIEW_COLLECTIONS, type InterviewsEndpoints } from '../stack/interviews.js';
import type { SeededInterview, SeededMedium } from './seeded-interview.js';

/** Adds jobs as the upstream application does: with what it knows, and no more. */
export async function insertJobs(
  jobs: readonly { interview: SeededInterview; medium: SeededMedium }[],
  { mongo, bucket }: InterviewsEndpoints,
): Promise<void> {
  if (jobs.length === 0) return;
  const client = new MongoClient(mongo.uri);
  try {
    const now = new Date();
    await client
      .db(mongo.database)
      .collection(INTERVIEW_COLLECTIONS.jobs)
      .insertMany(
        jobs.map(({ interview: { id, media, saysHowMany, questions }, medium }) => ({
          ...{ interview_id: id, interview_type: medium.type, bucket, key: medium.key },
          ...{ status: JOB_STATUS.pending, data_process: FILE_READY.no, created_at: now },
          ...(saysHowMany === true && { expected_jobs: media.length }),
          ...(questions && { questions }),
        })),
      );
  } finally {
    await client.close();
  }
}
