import { ObjectId } from 'mongodb';
import { onMongo } from '../../../platform/mongo-errors.js';
import { JOB_STATUS } from '../contract/job.js';
import { DURABLE, ENDED, FROM_PRIMARY, setting, type JobCollection, type Now } from './job-writes.js';

/** A job in the state "1" that nobody may be working on. */
export interface StuckJob {
  job_id: string;
  run_id: string | null;
}

/** Jobs that may have lost their workflow, and how they are found again. */
export interface LostJobs {
  /** Ids of the jobs that are to have a workflow: they wait, and have been taken on. */
  waiting(): AsyncIterable<string>;
  /** Jobs in "1" for longer than `stuckAfterSeconds`. */
  stuck(): AsyncIterable<StuckJob>;
  /** Back to "0", unless another run has it by now. Its attempts count on. */
  release(job: StuckJob): Promise<boolean>;
  /** Takes the claim of a job that waits: who sets a job back to "0" by hand leaves it there, and no run could have it. */
  clean(jobId: string): Promise<void>;
  /** Ids of ended jobs whose object was replaced while they were worked on. */
  replaced(): AsyncIterable<string>;
}

/** @param stuckAfterSeconds `INTERVIEW_STUCK_AFTER` */
export function createLostJobs(
  collection: JobCollection,
  stuckAfterSeconds: number,
  now: Now = () => new Date(),
): LostJobs {
  const name = collection.collectionName;

  async function* find(filter: object): AsyncIterable<{ _id: unknown; run_id?: unknown }> {
    const cursor = collection.find(filter, { ...FROM_PRIMARY, projection: { run_id: 1 } }).sort({ _id: 1 });
    const next = () => onMongo(`look for lost jobs in ${name}`, () => cursor.next());
    try {
      for (let found = await next(); found !== null; found = await next()) yield found;
    } finally {
      await cursor.close();
    }
  }

  async function* ids(filter: object): AsyncIterable<string> {
    for await (const { _id } of find(filter)) if (_id instanceof ObjectId) yield _id.toHexString();
  }

  return {
    waiting: () => ids({ status: JOB_STATUS.pending, admitted_at: { $ne: null } }),

    async *stuck() {
      const before = { $not: { $gte: new Date(now().getTime() - stuckAfterSeconds * 1000) } };
      // Somebody else's documents may say nothing of when they were begun.
      const old = { status: JOB_STATUS.processing, started_at: before, updated_at: before };
      for await (const { _id, run_id } of find(old)) {
        if (!(_id instanceof ObjectId)) continue;
        yield { job_id: _id.toHexString(), run_id: typeof run_id === 'string' ? run_id : null };
      }
    },

    release: ({ job_id, run_id }) =>
      onMongo(`release a job of ${name}`, async () => {
        const at = now();
        const { matchedCount } = await collection.updateOne(
          {
            _id: new ObjectId(job_id),
            status: JOB_STATUS.processing,
            run_id: run_id === null ? null : { $eq: run_id },
          },
          setting(at, {
            status: JOB_STATUS.pending,
            run_id: null,
            admitted_at: at,
            next_attempt_at: undefined,
          }),
          DURABLE,
        );
        return matchedCount === 1;
      }),

    clean: (jobId) =>
      onMongo(`set a job of ${name} right`, async () => {
        const held = { _id: new ObjectId(jobId), status: JOB_STATUS.pending, run_id: { $ne: null } };
        await collection.updateOne(held, setting(now(), { run_id: null }), DURABLE);
      }),

    replaced: () => ids({ status: { $in: [...ENDED] }, replaced_by: { $ne: null } }),
  };
}
