import { ObjectId } from 'mongodb';
import { z } from 'zod';
import { describeJobIssues } from './job-issues.js';
import { describeExcess } from '../../../contract/text-limits.js';
import { FILE_READY, JOB_STATUS, type InterviewJob } from '../contract/job.js';
import { InvalidJob } from './job-errors.js';
import { jobKeyShape, jobWishShape } from './job-fields.js';

/** A document as anybody may have inserted it. Fields of others stay where they are, and are not looked at. */
export interface JobDocument {
  _id: ObjectId;
  [field: string]: unknown;
}

const count = z.int().min(0);
const status = z.enum(JOB_STATUS);
const ready = z.enum(FILE_READY);
const instant = z.date();

/** What the service itself writes into a job. A value that it did not write counts as none. */
const ownFields = {
  data_process: ready.catch(FILE_READY.no),
  started_at: instant.optional().catch(undefined),
  ended_at: instant.optional().catch(undefined),
  next_attempt_at: instant.optional().catch(undefined),
  attempts: count.catch(0),
  run_id: z.string().nullable().catch(null),
  error_message: z.string().optional().catch(undefined),
  error_type: z.string().optional().catch(undefined),
  result_id: z.string().optional().catch(undefined),
  revision: z.int().min(1).catch(1),
  etag: z.string().optional().catch(undefined),
};

const waitingSchema = z.object({
  ...jobKeyShape,
  ...jobWishShape,
  ...ownFields,
  // The upstream application's own documents begin without.
  status: status.default(JOB_STATUS.pending),
});

/** An ended job is read as far as it can be: it is shown and counted, not worked on. */
const endedSchema = z.object({
  ...jobKeyShape,
  ...Object.fromEntries(
    Object.entries<z.ZodType>(jobWishShape).map(([name, schema]) => [name, schema.catch(undefined)]),
  ),
  ...ownFields,
  status,
});

/** @throws InvalidJob that names the fields, never what stands in them */
export function readJob(document: JobDocument): InterviewJob {
  if (!(document._id instanceof ObjectId))
    throw new InvalidJob("The job's document: _id: expected ObjectId.");
  const excess = describeExcess({ ...document, _id: undefined });
  if (excess !== undefined) throw new InvalidJob(`The job's document ${excess}.`);
  const parsed = (isEnded(document) ? endedSchema : waitingSchema).safeParse(withoutNulls(document));
  if (!parsed.success) throw new InvalidJob(`The job's document: ${describeJobIssues(parsed.error)}.`);
  const fields = parsed.data as unknown as Omit<InterviewJob, 'job_id' | 'created_at' | 'updated_at'>;
  const inserted = document._id.getTimestamp();
  const created = dateOr(inserted, document['created_at']);
  return {
    ...fields,
    job_id: document._id.toHexString(),
    created_at: created,
    updated_at: dateOr(created, document['updated_at']),
  };
}

function isEnded({ status: stored }: JobDocument): boolean {
  return stored === JOB_STATUS.failed || stored === JOB_STATUS.completed;
}

/** Python writes a field without a value as null. */
function withoutNulls(document: JobDocument): Record<string, unknown> {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null));
}

function dateOr(otherwise: Date, value: unknown): Date {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value : otherwise;
}
