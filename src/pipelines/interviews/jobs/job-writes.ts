import { ObjectId, type Collection, type Filter, type UpdateFilter } from 'mongodb';
import { jobIdSchema } from '../contract/workflow-inputs.js';
import { FILE_READY, JOB_STATUS, type JobStatus } from '../contract/job.js';
import { onMongo } from '../../../platform/mongo-errors.js';
import type { JobDocument } from './job-document.js';

/** A majority that takes longer is not there; the write is asked for again. */
const MAJORITY_TIMEOUT_MS = 30_000;
/** A job's state decides who works on it: it must outlive a failover. */
export const DURABLE = {
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_TIMEOUT_MS },
} as const;
/** More than this is a database in trouble, and the step tries again. */
const LOOKUP_TIMEOUT_MS = 10_000;
export const FROM_PRIMARY = {
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  maxTimeMS: LOOKUP_TIMEOUT_MS,
} as const;

/** A job's document as it is. @throws DependencyUnavailable */
export function readDocument(collection: JobCollection, jobId: string): Promise<JobDocument | null> {
  return onMongo(`read a job from ${collection.collectionName}`, () =>
    collection.findOne(byId(jobId), FROM_PRIMARY),
  );
}

/** Present time; the server's would need updates as pipelines, which not every server of this protocol has. */
export type Now = () => Date;

export type JobCollection = Collection<JobDocument>;
export type JobFilterDocument = Filter<JobDocument>;

/** @throws ZodError for what is no job's id */
export function byId(jobId: string): { _id: ObjectId } {
  return { _id: new ObjectId(jobIdSchema.parse(jobId)) };
}

/** What the upstream application inserts may lack the field, or hold null. */
export const UNCLAIMED = { run_id: null } as const;

export const WAITING = { status: JOB_STATUS.pending, ...UNCLAIMED } as const;

export function claimedBy(runId: string): JobFilterDocument {
  return { status: JOB_STATUS.processing, run_id: { $eq: runId } };
}

/** Sets fields, drops those that are undefined, and says when. */
export function setting(
  at: Date,
  fields: Readonly<Record<string, unknown>>,
  increments?: Record<string, number>,
): UpdateFilter<JobDocument> {
  const entries = Object.entries(fields);
  const dropped = entries.filter(([, value]) => value === undefined).map(([name]) => [name, true]);
  const set = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return {
    $set: { ...set, updated_at: at },
    ...(dropped.length > 0 && { $unset: Object.fromEntries(dropped) as never }),
    ...(increments && { $inc: increments as never }),
  };
}

/** Back in the queue, for whoever claims it next. */
export const UNCLAIMED_AND_READY = {
  status: JOB_STATUS.pending,
  data_process: FILE_READY.yes,
  run_id: null,
} as const;

export const ENDED: readonly JobStatus[] = [JOB_STATUS.failed, JOB_STATUS.completed];

/** Documents that nobody has taken on: new ones, whatever their state says, and jobs that were begun anew. */
export const UNADMITTED = {
  status: { $nin: [JOB_STATUS.processing, ...ENDED] },
  admitted_at: null,
} as const;
