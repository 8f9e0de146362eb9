import type { Document } from 'mongodb';
import { FILE_READY, JOB_STATUS, type InterviewJob } from '../contract/job.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { EndedJob, InterviewJobs } from './interview-jobs.js';
import { readJob, type JobDocument } from './job-document.js';
import { ensureJobIndexes } from './job-indexes.js';
import { createJobQueries } from './job-queries.js';
import {
  byId,
  claimedBy,
  DURABLE,
  FROM_PRIMARY,
  readDocument,
  setting,
  UNCLAIMED_AND_READY,
  WAITING,
  type JobCollection,
  type JobFilterDocument,
  type Now,
} from './job-writes.js';

/** Jobs in MongoDB; the client behind the collection belongs to the caller. */
export function createMongoInterviewJobs(
  collection: JobCollection,
  now: Now = () => new Date(),
): InterviewJobs {
  const name = collection.collectionName;
  const find = (jobId: string): Promise<JobDocument | null> => readDocument(collection, jobId);

  /** @returns `now` for a job that was in that state, `before` for one that is by now what the write makes of it */
  const end = async (
    verb: string,
    jobId: string,
    from: JobFilterDocument,
    fields: Readonly<Record<string, unknown>>,
    done: JobFilterDocument,
  ): Promise<EndedJob> =>
    onMongo(`${verb} a job of ${name}`, async () => {
      const id = byId(jobId);
      const { matchedCount } = await collection.updateOne(
        { ...id, ...from },
        setting(now(), fields),
        DURABLE,
      );
      if (matchedCount === 1) return 'now';
      // The answer to an earlier try may have been lost.
      return (await collection.findOne({ ...id, ...done }, FROM_PRIMARY)) === null ? 'not' : 'before';
    });
  const write = async (...args: Parameters<typeof end>): Promise<boolean> => (await end(...args)) !== 'not';

  return {
    async get(jobId) {
      const document = await find(jobId);
      return document === null ? undefined : readJob(document);
    },

    markReady: (jobId) => {
      const fields = { data_process: FILE_READY.yes };
      return write('mark', jobId, WAITING, fields, { ...WAITING, ...fields });
    },

    async claim(jobId, { runId, attempt }) {
      const fields = {
        status: JOB_STATUS.processing,
        run_id: runId,
        started_at: now(),
        attempts: attempt,
        next_attempt_at: undefined,
      };
      const before = attempt === 1 ? { $in: [0, null] } : { $eq: attempt - 1 };
      const mine = { ...claimedBy(runId), attempts: { $eq: attempt } };
      const claimed = await write('claim', jobId, { ...WAITING, attempts: before }, fields, mine);
      if (!claimed) return undefined;
      const document = await find(jobId);
      // Between the two it may have been erased, or be another's.
      return document !== null && document['run_id'] === runId ? readJob(document) : undefined;
    },

    holds: (jobId, runId) =>
      onMongo(`read a job from ${name}`, async () => {
        const found = await collection.findOne({ ...byId(jobId), ...claimedBy(runId) }, FROM_PRIMARY);
        return found !== null;
      }),

    setEtag: (jobId, runId, etag) =>
      write('note the object of', jobId, claimedBy(runId), { etag }, claimedBy(runId)),

    reschedule: (jobId, runId, { nextAttemptAt, ...failure }) => {
      const fields = {
        ...UNCLAIMED_AND_READY,
        ...failure,
        next_attempt_at: nextAttemptAt,
        released_by: runId,
      };
      // Whoever asks again has another time in mind: whose release it was tells that it is done.
      return write('reschedule', jobId, claimedBy(runId), fields, {
        ...WAITING,
        released_by: { $eq: runId },
      });
    },

    fail: (jobId, runId, failure) => {
      const fields = {
        status: JOB_STATUS.failed,
        ...failure,
        ended_at: now(),
        next_attempt_at: undefined,
      };
      const from = runId === null ? WAITING : claimedBy(runId);
      return end('fail', jobId, from, fields, {
        status: JOB_STATUS.failed,
        run_id: runId === null ? null : { $eq: runId },
        error_type: { $eq: failure.error_type },
      });
    },

    complete: (jobId, runId, { resultId, etag }) => {
      const fields = {
        status: JOB_STATUS.completed,
        result_id: resultId,
        etag,
        ended_at: now(),
        next_attempt_at: undefined,
        error_type: undefined,
        error_message: undefined,
      };
      return end('complete', jobId, claimedBy(runId), fields, {
        status: JOB_STATUS.completed,
        run_id: { $eq: runId },
        result_id: { $eq: resultId },
      });
    },

    beginAnew: ({ job_id, status, revision }, { ready }) => {
      const seen = {
        status: { $eq: status },
        revision: revision === 1 ? { $in: [1, null] } : { $eq: revision },
      };
      return write('begin anew', job_id, seen, anew(revision + 1, ready), {
        ...WAITING,
        revision: { $eq: revision + 1 },
      });
    },

    ...createJobQueries(collection),

    deleteInterview: (interviewId) =>
      onMongo(`delete jobs of ${name}`, async () => {
        const { deletedCount } = await collection.deleteMany({ interview_id: { $eq: interviewId } }, DURABLE);
        return deletedCount;
      }),

    ensureIndexes: () => ensureJobIndexes(collection),

    ping: () =>
      onMongo('answer a ping', async () => {
        await collection.db.command({ ping: 1 } satisfies Document);
      }),
  };
}

/** A job as its admission leaves it, with all that was learnt of the object before taken back. */
function anew(
  revision: number,
  ready: boolean,
): Partial<Record<keyof InterviewJob | 'admitted_at' | 'replaced_by' | 'released_by', unknown>> {
  return {
    status: JOB_STATUS.pending,
    data_process: ready ? FILE_READY.yes : FILE_READY.no,
    attempts: 0,
    run_id: null,
    revision,
    started_at: undefined,
    ended_at: undefined,
    next_attempt_at: undefined,
    error_type: undefined,
    error_message: undefined,
    replaced_by: undefined,
    released_by: undefined,
    // Whoever looks for new jobs finds it, and starts its workflow.
    admitted_at: undefined,
  };
}
