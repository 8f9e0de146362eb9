import { ObjectId } from 'mongodb';
import type { InterviewJob } from '../contract/job.js';
import { FILE_READY, JOB_STATUS } from '../contract/job.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import { INTERVIEW_ERASED, INVALID_JOB, InterviewErased, InvalidJob } from './job-errors.js';
import { readJob, type JobDocument } from './job-document.js';
import type { JobWorkflows } from './job-workflows.js';
import { DURABLE, setting, UNADMITTED, type JobCollection, type Now } from './job-writes.js';

/**
 * What became of a document: its workflow was started, it failed, somebody else has taken care of it, or the run of an earlier
 * revision has yet to end, and the next look may start its own.
 */
export type Admitted = 'started' | 'refused' | 'known' | 'waits';

/** The one way of a job into the service, whichever door it came through. */
export interface Admission {
  /** @throws InvalidJob for a bucket that may not be read, InterviewErased, DependencyUnavailable */
  check(job: Pick<InterviewJob, 'interview_id' | 'bucket'>): Promise<void>;
  /**
   * Takes on a document of the collection that nobody has taken on: starts its workflow, or fails it.
   *
   * @throws DependencyUnavailable; the document is then found again
   */
  admitJob(document: JobDocument): Promise<Admitted>;
}

export interface AdmissionOptions {
  collection: JobCollection;
  /** `INTERVIEW_BUCKETS` */
  buckets: readonly string[];
  workflows: Pick<JobWorkflows, 'start'>;
  isErased: (interviewId: string) => Promise<boolean>;
  /** Told of a job that failed here, without a workflow. */
  onRefused: (refused: { job_id: string | undefined; error_type: string }) => Promise<void>;
  now?: Now;
}

export function createAdmission({
  collection,
  buckets,
  workflows,
  isErased,
  onRefused,
  now = () => new Date(),
}: AdmissionOptions): Admission {
  const name = collection.collectionName;

  async function check({
    interview_id,
    bucket,
  }: Pick<InterviewJob, 'interview_id' | 'bucket'>): Promise<void> {
    if (!buckets.includes(bucket)) {
      throw new InvalidJob(`bucket: ${bucket} is none of INTERVIEW_BUCKETS (${buckets.join(', ')})`);
    }
    if (await isErased(interview_id)) throw new InterviewErased('The interview was erased.');
  }

  /** Whoever changes the document first has the job. */
  const take = async (document: JobDocument, fields: Readonly<Record<string, unknown>>): Promise<boolean> =>
    onMongo(`admit a job of ${name}`, async () => {
      const { matchedCount } = await collection.updateOne(
        { _id: document._id, ...UNADMITTED },
        setting(now(), fields),
        DURABLE,
      );
      return matchedCount === 1;
    });

  async function refuse(document: JobDocument, error_type: string, error_message: string): Promise<Admitted> {
    const fields = {
      ...{ status: JOB_STATUS.failed, error_type, error_message, run_id: null },
      // A sweep looks for interviews whose jobs have ended, to tell of them: this one is to be forgotten.
      ended_at: error_type === INTERVIEW_ERASED ? undefined : now(),
    };
    if (!(await take(document, fields))) return 'known';
    // An `_id` of somebody's own making may say more than an id should.
    const job_id = document._id instanceof ObjectId ? document._id.toHexString() : undefined;
    await onRefused({ job_id, error_type });
    return 'refused';
  }

  async function readable(document: JobDocument): Promise<InterviewJob | InvalidJob | InterviewErased> {
    try {
      const job = readJob({ ...document, status: JOB_STATUS.pending });
      await check(job);
      return job;
    } catch (error) {
      if (error instanceof InvalidJob || error instanceof InterviewErased) return error;
      throw error;
    }
  }

  return {
    check,

    async admitJob(document) {
      const job = await readable(document);
      if (job instanceof InvalidJob) return refuse(document, INVALID_JOB, job.message);
      if (job instanceof InterviewErased) return refuse(document, INTERVIEW_ERASED, job.message);
      if (!(await take(document, { ...asNew(job), admitted_at: now() }))) return 'known';
      // The stream rings for a mark that is removed, and not for one that is null.
      const giveBack = (mark: { admitted_at: null | undefined }): Promise<unknown> =>
        onMongo(`give a job of ${name} back`, () =>
          collection.updateOne(
            { _id: document._id, status: JOB_STATUS.pending, run_id: null },
            setting(now(), mark),
            DURABLE,
          ),
        );
      try {
        // A job's first run is its own.
        if ((await workflows.start(job.job_id)) === 'started' || job.revision === 1) return 'started';
        // Its run may go on for a while: a bell would have it looked at without a pause.
        await giveBack({ admitted_at: null });
        return 'waits';
      } catch (error) {
        await giveBack({ admitted_at: undefined });
        throw error;
      }
    },
  };
}

/** What the upstream application left out or made up is set right. */
function asNew({ revision, created_at, data_process }: InterviewJob): Record<string, unknown> {
  return {
    status: JOB_STATUS.pending,
    data_process: data_process === FILE_READY.yes ? FILE_READY.yes : FILE_READY.no,
    attempts: 0,
    run_id: null,
    revision,
    created_at,
    started_at: undefined,
    ended_at: undefined,
    next_attempt_at: undefined,
    error_type: undefined,
    error_message: undefined,
  };
}
