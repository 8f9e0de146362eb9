import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { ObjectForbidden, WrongRegion } from '../../objects/errors.js';
import type { ObjectHead, ObjectStore } from '../../objects/data-path/object-store.js';
import type { InterviewJob } from '../../pipelines/interviews/contract/job.js';
import { JOB_FAILURES } from '../../pipelines/interviews/contract/failures.js';
import type { InterviewJobs } from '../../pipelines/interviews/jobs/interview-jobs.js';
import { INVALID_JOB, InvalidJob } from '../../pipelines/interviews/jobs/job-errors.js';
import type { InterviewsSettings } from '../../pipelines/interviews/settings/index.js';
import { VachanError } from '../../platform/errors.js';
import { progressBefore } from '../shared/progress.js';
import type { Failure, JobActivities, Readiness } from './activity-types.js';

/** Most uploads end within minutes; what takes longer is looked for less often. */
const SLOWER_AFTER_MS = 3_600_000;
const SLOWER_TIMES = 4;

export interface AwaitObjectParts {
  config: Pick<InterviewsSettings, 'READINESS_DEADLINE' | 'READINESS_CHECK_INTERVAL' | 'INTERVIEW_BUCKETS'>;
  jobs: Pick<InterviewJobs, 'get' | 'markReady'>;
  objects: Pick<ObjectStore, 'head'>;
}

/**
 * Looks once whether a job's object is there. While it is not, the activity fails, retryably and benignly, with the pause
 * until the next look: retries add nothing to the history, and hold no slot. An object that no event told of must have the
 * same size in two looks, since some stores show one while it is still being written.
 */
export function createAwaitObjectActivity({
  config,
  jobs,
  objects,
}: AwaitObjectParts): Pick<JobActivities, 'awaitObject'> {
  const later = (since: string, why: string): Readiness => {
    const waitedMs = waitedMsSince(since);
    const leftMs = config.READINESS_DEADLINE * 1000 - waitedMs;
    if (leftMs <= 0) {
      const message = `The object was not there within ${config.READINESS_DEADLINE} s: ${why}.`;
      return { refused: { error_type: JOB_FAILURES.notReadyInTime, message } };
    }
    const pauseMs = config.READINESS_CHECK_INTERVAL * 1000 * (waitedMs > SLOWER_AFTER_MS ? SLOWER_TIMES : 1);
    throw ApplicationFailure.create({
      type: 'NotReady',
      message: `Not ready: ${why}.`,
      category: ApplicationFailureCategory.BENIGN,
      nextRetryDelay: Math.min(pauseMs, leftMs + 1_000),
    });
  };

  return {
    async awaitObject({ job_id: jobId, told, since }) {
      const context = Context.current();
      let job: InterviewJob | undefined;
      try {
        job = await jobs.get(jobId);
      } catch (error) {
        if (error instanceof InvalidJob) return { refused: refusalOf(error, INVALID_JOB) };
        throw error;
      }
      if (job === undefined) return { superseded: true };
      if (!config.INTERVIEW_BUCKETS.includes(job.bucket)) {
        const message = `bucket: expected one of INTERVIEW_BUCKETS (got one of ${job.bucket.length} characters).`;
        return { refused: { error_type: INVALID_JOB, message } };
      }
      let head: ObjectHead | undefined;
      try {
        head = await objects.head(job, context.cancellationSignal);
      } catch (error) {
        if (isFinal(error)) return { refused: refusalOf(error) };
        throw error;
      }
      if (head === undefined) return later(since, 'there is no such object');
      if (head.size === 0) return later(since, 'the object is empty');
      const seen = { size: head.size, etag: head.etag };
      // One that is there is not refused for its second look.
      const isInTime = waitedMsSince(since) < config.READINESS_DEADLINE * 1000;
      if (!told && isInTime && !isSame(progressBefore(context), seen)) {
        context.heartbeat(seen);
        return later(since, 'its size is looked at once more');
      }
      const marked = await jobs.markReady(jobId);
      return marked ? { ready: true, attempts: job.attempts } : { superseded: true };
    },
  };
}

/** Both times are of Temporal's clock: that of this process may be hours off. */
function waitedMsSince(since: string): number {
  return Context.current().info.currentAttemptScheduledTimestampMs - Date.parse(since);
}

/** What the store will answer to every look, until somebody changes who may read. */
function isFinal(error: unknown): error is VachanError {
  return error instanceof ObjectForbidden || error instanceof WrongRegion;
}

function refusalOf(error: VachanError, type = error.name): Failure {
  return { error_type: type, message: error.message };
}

function isSame(before: unknown, { size, etag }: { size: number; etag: string | undefined }): boolean {
  if (typeof before !== 'object' || before === null) return false;
  const { size: sizeBefore, etag: etagBefore } = before as { size?: unknown; etag?: unknown };
  return sizeBefore === size && (etagBefore ?? undefined) === etag;
}
