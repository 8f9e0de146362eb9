import { z } from 'zod';
import { openEnvelopes } from '../../../../queue/envelopes.js';
import type { ReadResult } from '../../../../queue/read-messages.js';
import { jobRequestSchema, type JobRequest } from '../job-fields.js';
import { describeJobIssues } from '../job-issues.js';
import { readS3Events, type WrittenObject } from './s3-events.js';

/** What a message of `INTERVIEW_JOBS_QUEUE_URL` brings: jobs, or objects that have been written. */
export type JobsMessage = { jobs: readonly JobRequest[] } | { objects: readonly WrittenObject[] };

/** As many as one POST takes. */
const MOST_JOBS = 100;

const versionSchema = z.literal(1, { error: 'expected 1, the one version there is' }).optional();

const batchSchema = z.strictObject({
  version: versionSchema,
  jobs: z.array(jobRequestSchema).min(1).max(MOST_JOBS),
});

/** One job, without a list around it. */
const singleSchema = jobRequestSchema.extend({ version: versionSchema });

/** Reads a body, also inside envelopes of SNS and EventBridge. Reasons name fields and expectations, never a value. */
export function readJobsMessage(body: string): ReadResult<JobsMessage> {
  const opened = openEnvelopes(body);
  if (opened.notice !== undefined) return { ok: false, notice: opened.notice };
  if (opened.reason !== undefined) return { ok: false, reason: opened.reason };
  const { json } = opened;
  let objects: readonly WrittenObject[] | undefined;
  try {
    objects = readS3Events(json);
  } catch {
    return { ok: false, reason: 'an event of S3 that names no object: expected a bucket and an encoded key' };
  }
  if (objects !== undefined) {
    if (objects.length > 0) return { ok: true, message: { objects } };
    return { ok: false, notice: 'an event of S3 that writes no object' };
  }
  return 'jobs' in json ? readBatch(json) : readSingle(json);
}

function readBatch(json: unknown): ReadResult<JobsMessage> {
  const parsed = batchSchema.safeParse(json);
  if (!parsed.success) return { ok: false, reason: describeJobIssues(parsed.error) };
  return { ok: true, message: { jobs: parsed.data.jobs } };
}

function readSingle(json: unknown): ReadResult<JobsMessage> {
  const parsed = singleSchema.safeParse(json);
  if (!parsed.success) return { ok: false, reason: describeJobIssues(parsed.error) };
  const { version: _, ...job } = parsed.data;
  return { ok: true, message: { jobs: [job] } };
}
