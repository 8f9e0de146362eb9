import type { InterviewJobs, JobFailure } from '../../pipelines/interviews/jobs/interview-jobs.js';
import type { InterviewsLogger } from '../../pipelines/interviews/log-events.js';
import type { InterviewsMetrics } from '../../pipelines/interviews/metrics/interviews-metrics.js';
import type { InterviewsSettings } from '../../pipelines/interviews/settings/index.js';
import type { Failure, JobActivities } from './activity-types.js';

export interface EndAttemptParts {
  config: Pick<InterviewsSettings, 'JOB_RETRY_DELAY'>;
  jobs: Pick<InterviewJobs, 'reschedule' | 'fail'>;
  metrics: Pick<InterviewsMetrics, 'jobEnded' | 'attemptFailed'>;
  log: InterviewsLogger;
  now?: () => number;
}

/** Writes into a job's document how an attempt without a result has ended. */
export function createEndAttemptActivities({
  config,
  jobs,
  metrics,
  log,
  now = Date.now,
}: EndAttemptParts): Pick<JobActivities, 'endAttempt' | 'failJob'> {
  const fail = async (
    jobId: string,
    runId: string | null,
    failure: Failure,
  ): Promise<{ failed: true } | { superseded: true }> => {
    if (!(await jobs.fail(jobId, runId, forDocument(failure)))) return { superseded: true };
    metrics.jobEnded('failed', failure.error_type);
    log.warn('interview_job_failed', { job_id: jobId, error_type: failure.error_type });
    return { failed: true };
  };

  return {
    async endAttempt({ job_id: jobId, run_id: runId, again, ...failure }) {
      if (again === 'never') return fail(jobId, runId, failure);
      const seconds = again === 'later' ? config.JOB_RETRY_DELAY : 0;
      const nextAttemptAt = new Date(now() + seconds * 1000);
      if (!(await jobs.reschedule(jobId, runId, { ...forDocument(failure), nextAttemptAt }))) {
        return { superseded: true };
      }
      metrics.attemptFailed(failure.error_type);
      log.info('interview_job_rescheduled', {
        job_id: jobId,
        error_type: failure.error_type,
        next_try_ms: seconds * 1000,
      });
      return { retry_in_seconds: seconds };
    },
    failJob: ({ job_id: jobId, run_id: _, ...failure }) => fail(jobId, null, failure),
  };
}

function forDocument({ error_type, message }: Failure): JobFailure {
  return { error_type, error_message: message };
}
