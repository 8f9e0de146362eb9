import { Context } from '@temporalio/activity';
import { ObjectNotFound } from '../../objects/errors.js';
import type { ObjectStore } from '../../objects/data-path/object-store.js';
import { isFinished, type HeldJobs } from '../../pipelines/interviews/process/held-jobs.js';
import type { InterviewJobs } from '../../pipelines/interviews/jobs/interview-jobs.js';
import type { InterviewsLogger } from '../../pipelines/interviews/log-events.js';
import type { InterviewsSettings } from '../../pipelines/interviews/settings/index.js';
import type { HostActivities, PlaceActivities } from './activity-types.js';

export interface PlaceParts {
  config: Pick<
    InterviewsSettings,
    'JOB_TIMEOUT' | 'INTERVIEW_HEARTBEAT_TIMEOUT' | 'CHUNKED_FILE_SIZE_THRESHOLD_MB'
  >;
  jobs: Pick<InterviewJobs, 'get' | 'claim' | 'setEtag'>;
  objects: Pick<ObjectStore, 'head'>;
  held: HeldJobs;
  hostTaskQueue: string;
  /** Told of a job that this process has taken. */
  onTaken: () => void;
  log: InterviewsLogger;
}

/** Takes a place in this process for a job, and the job itself: from then on it is this run's, until it lets go. */
export function createPlaceActivities({
  config,
  jobs,
  objects,
  held,
  hostTaskQueue,
  onTaken,
  log,
}: PlaceParts): PlaceActivities & Pick<HostActivities, 'holdPlace' | 'finishJob'> {
  return {
    async startJob({ job_id: jobId, run_id: runId, attempt }) {
      const { cancellationSignal: signal } = Context.current();
      const wanted = await jobs.get(jobId);
      if (wanted === undefined) return { superseded: true };
      // Looked at before the claim: a job whose object is gone waits for it again, and no attempt is counted.
      const head = await objects.head(wanted, signal);
      if (head?.etag === undefined || head.size === 0) {
        if (wanted.run_id !== runId) return { absent: true };
        // An earlier try has claimed the job, and its answer was lost: this is an attempt by now, which fails.
        throw new ObjectNotFound('The object was removed when the job had just been claimed');
      }
      const object = { size: head.size, etag: head.etag };
      const job = await jobs.claim(jobId, { runId, attempt });
      if (job === undefined || !(await jobs.setEtag(jobId, runId, object.etag))) {
        log.info('interview_job_superseded', { job_id: jobId, attempt });
        return { superseded: true };
      }
      signal.throwIfAborted();
      held.hold({ job, runId, object });
      onTaken();
      log.info('interview_job_claimed', { job_id: jobId, attempt, bytes: object.size });
      return {
        host_task_queue: hostTaskQueue,
        timeout_seconds: job.timeout_seconds ?? config.JOB_TIMEOUT,
        heartbeat_seconds: config.INTERVIEW_HEARTBEAT_TIMEOUT,
        etag: object.etag,
        chunked:
          job.interview_type === 'video' && object.size > config.CHUNKED_FILE_SIZE_THRESHOLD_MB * 1024 * 1024,
      };
    },

    async holdPlace(ref) {
      const { cancellationSignal } = Context.current();
      await held.use(ref, async (place) => {
        const ended = AbortSignal.any([cancellationSignal, place.gone]);
        await new Promise<void>((resolve) => {
          if (ended.aborted) resolve();
          else ended.addEventListener('abort', () => resolve(), { once: true });
        });
        if (isFinished(place)) return;
        place.gone.throwIfAborted();
        cancellationSignal.throwIfAborted();
      });
    },

    finishJob(ref) {
      held.finish(ref);
      return Promise.resolve();
    },
  };
}
