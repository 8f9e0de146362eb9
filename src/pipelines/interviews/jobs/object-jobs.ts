import type { ObjectRef } from '../../../objects/data-path/object-store.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import { JOB_STATUS, type InterviewJob } from '../contract/job.js';
import { readable } from './job-queries.js';
import { byId, DURABLE, FROM_PRIMARY, setting, type JobCollection, type Now } from './job-writes.js';

/** An object belongs to one interview, or to the few that share it. */
const MOST_JOBS_OF_AN_OBJECT = 100;

/** Jobs by the object that they are about. */
export interface ObjectJobs {
  of(object: ObjectRef): Promise<InterviewJob[]>;
  /** Notes that another object has come under the key while the job is worked on: its end is not the last word. */
  noteReplaced(jobId: string, etag: string): Promise<void>;
  /** Takes the note back, of a job that has ended on the very object that is there. */
  forgetReplaced(jobId: string): Promise<void>;
}

export function createObjectJobs(collection: JobCollection, now: Now = () => new Date()): ObjectJobs {
  const name = collection.collectionName;
  const note = (jobId: string, from: object, replaced_by: string | undefined): Promise<void> =>
    onMongo(`note the object of a job of ${name}`, async () => {
      await collection.updateOne({ ...byId(jobId), ...from }, setting(now(), { replaced_by }), DURABLE);
    });
  return {
    of: ({ bucket, key }) =>
      onMongo(`find jobs of an object in ${name}`, async () => {
        const found = await collection
          .find({ bucket: { $eq: bucket }, key: { $eq: key } }, FROM_PRIMARY)
          .limit(MOST_JOBS_OF_AN_OBJECT)
          .toArray();
        return readable(found);
      }),
    noteReplaced: (jobId, etag) => note(jobId, { status: JOB_STATUS.processing }, etag),
    forgetReplaced: (jobId) => note(jobId, {}, undefined),
  };
}
