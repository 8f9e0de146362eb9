import pLimit from 'p-limit';
import { DependencyUnavailable } from '../../../platform/errors.js';
import { InvalidRequest } from '../../../platform/http/api.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import { JOB_STATUS } from '../contract/job.js';
import type { InterviewsLogger } from '../log-events.js';
import type { Admission } from './admission.js';
import { insertJob } from './insert-job.js';
import { InterviewErased, InvalidJob } from './job-errors.js';
import type { JobRequest } from './job-fields.js';
import { byId, DURABLE, readDocument, type JobCollection } from './job-writes.js';

/** What became of one job of a request. */
export interface AddedJob {
  job_id: string | null;
  outcome: 'added' | 'known' | 'erased';
}

export interface AddJobsParts {
  collection: JobCollection;
  admission: Admission;
  log: Pick<InterviewsLogger, 'warn'>;
}

const AT_ONCE = 8;

/**
 * Adds the jobs of one request: all are looked at before the first is added.
 *
 * @throws InvalidRequest that names the job and what is wrong with it, DependencyUnavailable; the request may be repeated
 */
export async function addJobs(parts: AddJobsParts, requests: readonly JobRequest[]): Promise<AddedJob[]> {
  const limit = pLimit(AT_ONCE);
  const erased = await Promise.all(
    requests.map((request, index) => limit(() => isErased(parts.admission, request, index))),
  );
  return Promise.all(
    requests.map((request, index) => limit(() => (erased[index] === true ? ERASED : add(parts, request)))),
  );
}

const ERASED: AddedJob = { job_id: null, outcome: 'erased' };

async function isErased(admission: Admission, request: JobRequest, index: number): Promise<boolean> {
  try {
    await admission.check(request);
    return false;
  } catch (error) {
    if (error instanceof InterviewErased) return true;
    if (error instanceof InvalidJob)
      throw new InvalidRequest(`jobs.${index}.${error.message}`, { cause: error });
    throw error;
  }
}

/** From its insertion on the job is not lost: whoever looks for new ones would find it, if a little later. */
export async function add(
  { collection, admission, log }: AddJobsParts,
  request: JobRequest,
): Promise<AddedJob> {
  const inserted = await insertJob(collection, request);
  try {
    const document = inserted.added ? await readDocument(collection, inserted.job_id) : null;
    if (document !== null && (await admission.admitJob(document)) === 'refused') {
      // It was looked at a moment ago: its interview has been erased since then, and keeps no document.
      await onMongo(`remove a job of ${collection.collectionName}`, () =>
        collection.deleteOne({ ...byId(inserted.job_id), status: JOB_STATUS.failed }, DURABLE),
      );
      return ERASED;
    }
  } catch (error) {
    if (!(error instanceof DependencyUnavailable)) throw error;
    log.warn('dependency_unavailable', { error });
  }
  return { job_id: inserted.job_id, outcome: inserted.added ? 'added' : 'known' };
}
