import { isDeepStrictEqual } from 'node:util';
import { MongoServerError, type ObjectId } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import { FILE_READY, JOB_STATUS } from '../contract/job.js';
import type { JobRequest } from './job-fields.js';
import { DURABLE, FROM_PRIMARY, WAITING, type JobCollection } from './job-writes.js';

const DUPLICATE_KEY = 11_000;

export interface InsertedJob {
  job_id: string;
  /** False where the interview had this job before. */
  added: boolean;
  /** What such a job took that it did not have, by name. */
  changed?: readonly string[];
  /** What it did not take, since it does not wait any more. */
  not_taken?: readonly string[];
}

/**
 * Adds a job to the collection, where whoever looks for new jobs takes it on. A job that is there stays as it is; while it
 * waits, it takes what the request says besides: an event of S3 may have brought it first, without its questions.
 *
 * @throws DependencyUnavailable
 */
export async function insertJob(
  collection: JobCollection,
  request: JobRequest,
  now: Date = new Date(),
): Promise<InsertedJob> {
  const { interview_id, interview_type, bucket, key, ...wishes } = request;
  const same = {
    interview_id: { $eq: interview_id },
    interview_type: { $eq: interview_type },
    bucket: { $eq: bucket },
    key: { $eq: key },
  };
  const fresh = {
    ...withoutUndefined(wishes),
    status: JOB_STATUS.pending,
    data_process: FILE_READY.no,
    created_at: now,
    updated_at: now,
    attempts: 0,
    run_id: null,
    revision: 1,
  };
  const upsert = async (): Promise<ObjectId | null> => {
    try {
      const written = await collection.updateOne(same, { $setOnInsert: fresh }, { upsert: true, ...DURABLE });
      return written.upsertedId;
    } catch (error) {
      // Another request was a moment sooner.
      if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return null;
      throw error;
    }
  };
  return onMongo(`add a job to ${collection.collectionName}`, async () => {
    for (;;) {
      const added = await upsert();
      if (added !== null) return { job_id: added.toHexString(), added: true };
      const found = await collection.findOne(same, FROM_PRIMARY);
      // It may have been deleted in between.
      if (found === null) continue;
      const known = { job_id: found._id.toHexString(), added: false };
      const set = newIn(withoutUndefined(wishes), found);
      const names = Object.keys(set);
      if (names.length === 0) return known;
      const { matchedCount } = await collection.updateOne(
        { _id: found._id, ...WAITING },
        { $set: { ...set, updated_at: now } },
        DURABLE,
      );
      return { ...known, ...(matchedCount > 0 ? { changed: names } : { not_taken: names }) };
    }
  });
}

function withoutUndefined(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The fields that a document lacks or has otherwise. */
function newIn(fields: Record<string, unknown>, document: object): Record<string, unknown> {
  const has = new Map<string, unknown>(Object.entries(document));
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !isDeepStrictEqual(value, has.get(name))),
  );
}
