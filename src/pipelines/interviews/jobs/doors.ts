import type { BackgroundService } from '../../pipeline.js';
import type { ActivityParts } from '../process/parts.js';
import { createAdmission, type Admission } from './admission.js';
import { findNewJobs } from './find-new-jobs.js';
import { INTERVIEW_ERASED, InvalidJob } from './job-errors.js';
import { createJobStream } from './job-stream.js';
import { createJobWatch } from './job-watch.js';
import { createJobsConsumer } from './messages/jobs-consumer.js';
import { createJobWorkflows } from './job-workflows.js';

/** Tells an interview's workflow of a job that has ended. */
export type TellInterview = (input: { job_id: string }) => Promise<void>;

/** The admission of one process, for all of its doors. */
export function admissionOf(
  { config, dependencies, metrics, temporal, log }: ActivityParts,
  tellInterview: TellInterview,
): Admission {
  return createAdmission({
    collection: dependencies.queue,
    buckets: config.INTERVIEW_BUCKETS,
    workflows: createJobWorkflows(temporal),
    isErased: (interviewId) => dependencies.erased.isErased(interviewId),
    onRefused: async ({ job_id, error_type }) => {
      metrics.jobEnded('failed', error_type);
      log.warn('interview_job_failed', { job_id, error_type });
      // Of an erased interview nobody is told: an event would hold its id again.
      if (job_id === undefined || error_type === INTERVIEW_ERASED) return;
      await tellInterview({ job_id }).catch((error: unknown) => {
        // Its document does not say of which interview it is.
        if (!(error instanceof InvalidJob)) throw error;
      });
    },
  });
}

/** The doors of one orchestrator by which jobs come in on their own; HTTP's is asked. */
export function createDoors(parts: ActivityParts, tellInterview: TellInterview): BackgroundService[] {
  const { config, dependencies, log } = parts;
  const { jobsQueue } = dependencies;
  const admission = admissionOf(parts, tellInterview);
  return [
    ...(jobsQueue === undefined ? [] : [createJobsConsumer(jobsQueue, parts, admission)]),
    createJobWatch({
      look: (signal, lookSoon) => findNewJobs(dependencies.queue, admission, signal, lookSoon),
      stream: createJobStream(dependencies.queue, log),
      intervalSeconds: config.QUEUE_CHECK_INTERVAL,
      log,
    }),
  ];
}
