import { ObjectForbidden, WrongRegion } from '../../../objects/errors.js';
import type { ObjectHead, ObjectRef, ObjectStore } from '../../../objects/data-path/object-store.js';
import { JOB_STATUS, type InterviewJob } from '../contract/job.js';
import type { InterviewJobs } from './interview-jobs.js';
import { INTERVIEW_ERASED, INVALID_JOB } from './job-errors.js';
import type { JobWorkflows } from './job-workflows.js';
import type { ObjectJobs } from './object-jobs.js';

export interface ObjectArrivedParts {
  jobs: Pick<InterviewJobs, 'beginAnew'>;
  objectJobs: ObjectJobs;
  workflows: Pick<JobWorkflows, 'objectArrived'>;
  objects: Pick<ObjectStore, 'head'>;
}

/** What an arrival has changed for a job. */
export type Arrival = 'woken' | 'begun_anew' | 'noted' | 'known';

export interface ObjectArrivals {
  /** Takes note, for one of its jobs, that an object has been written. @throws DependencyUnavailable */
  tell(job: InterviewJob, etag: string | undefined): Promise<Arrival>;
  /** Begins an ended job anew where another object has taken the place of the one that it read. */
  renew(job: InterviewJob): Promise<'begun_anew' | 'known'>;
}

/** Another object makes no job of what is none. */
const NEVER_RENEWED: readonly (string | undefined)[] = [INVALID_JOB, INTERVIEW_ERASED];

/**
 * What an event of S3 means for the jobs of its object. Events come late, twice, and in any order: of an ended job the object
 * itself is asked whether it is another one.
 */
export function createObjectArrivals({
  jobs,
  objectJobs,
  workflows,
  objects,
}: ObjectArrivedParts): ObjectArrivals {
  const head = async (object: ObjectRef): Promise<ObjectHead | undefined> => {
    try {
      return await objects.head(object);
    } catch (error) {
      // What may not be read cannot be read anew either.
      if (error instanceof ObjectForbidden || error instanceof WrongRegion) return undefined;
      throw error;
    }
  };

  async function renew(job: InterviewJob): Promise<'begun_anew' | 'known'> {
    if (NEVER_RENEWED.includes(job.error_type)) return 'known';
    const now = await head(job);
    if (now?.etag === undefined || now.size === 0) return 'known';
    if (isSameEtag(now.etag, job.etag)) {
      await objectJobs.forgetReplaced(job.job_id);
      return 'known';
    }
    const begun = await jobs.beginAnew(job, { reason: 'object_replaced', ready: false });
    return begun ? 'begun_anew' : 'known';
  }

  return {
    renew,
    async tell(job, etag) {
      switch (job.status) {
        case JOB_STATUS.pending:
          return (await workflows.objectArrived(job.job_id)) ? 'woken' : 'known';
        case JOB_STATUS.processing:
          if (etag === undefined || isSameEtag(etag, job.etag)) return 'known';
          await objectJobs.noteReplaced(job.job_id, etag);
          return 'noted';
        default:
          return renew(job);
      }
    },
  };
}

/** Events name it without the quotes that the store answers with. */
function isSameEtag(one: string, other: string | undefined): boolean {
  const bare = (etag: string): string => etag.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
  return other !== undefined && bare(one) === bare(other);
}
