import { JOB_FAILURES } from '../../pipelines/interviews/contract/failures.js';
import type { InterviewJobs, JobFailure } from '../../pipelines/interviews/jobs/interview-jobs.js';
import { InvalidJob } from '../../pipelines/interviews/jobs/job-errors.js';
import type { InterviewsLogger } from '../../pipelines/interviews/log-events.js';
import type { InterviewsMetrics } from '../../pipelines/interviews/metrics/interviews-metrics.js';
import type { InterviewResults } from '../../pipelines/interviews/results/interview-results.js';
import { resultId } from '../../pipelines/interviews/results/result-id.js';
import type { InterviewsSettings } from '../../pipelines/interviews/settings/index.js';
import type { Failure, JobActivities } from './activity-types.js';

export interface EndAttemptParts {
  config: Pick<InterviewsSettings, 'JOB_RETRY_DELAY'>;
  jobs: Pick<InterviewJobs, 'get' | 'complete' | 'reschedule' | 'fail'>;
  results: Pick<InterviewResults, 'get'>;
  metrics: Pick<InterviewsMetrics, 'jobEnded' | 'attemptFailed'>;
  log: InterviewsLogger;
  now?: () => number;
}

/** Of attempts that ended with their process, which may have stored the result by then. */
const ENDED_WITH_PROCESS: readonly string[] = [JOB_FAILURES.workerLost, JOB_FAILURES.placeGone];

/** Writes into a job's document how an attempt has ended of which the workflow knows no result. */
export function createEndAttemptActivities({
  config,
  jobs,
  results,
  metrics,
  log,
  now = Date.now,
}: EndAttemptParts): Pick<JobActivities, 'endAttempt' | 'failJob'> {
  const fail = async (
    jobId: string,
    runId: string | null,
    failure: Failure,
  ): Promise<{ failed: true } | { superseded: true }> => {
    const ended = await jobs.fail(jobId, runId, forDocument(failure));
    if (ended === 'not') return { superseded: true };
    if (ended === 'now') metrics.jobEnded('failed', failure.error_type);
    log.warn('interview_job_failed', { job_id: jobId, error_type: failure.error_type });
    return { failed: true };
  };

  const completeStored = async (jobId: string, runId: string): Promise<{ result_id: string } | undefined> => {
    const job = await jobs.get(jobId).catch(unreadable);
    if (job?.run_id !== runId || job.etag === undefined) return undefined;
    const id = resultId(job, job.etag);
    const result = await results.get(id);
    if (result?.run_id !== runId || result.superseded_by !== undefined) return undefined;
    const ended = await jobs.complete(jobId, runId, { resultId: id, etag: job.etag });
    if (ended === 'not') return undefined;
    if (ended === 'now') metrics.jobEnded('completed');
    log.info('interview_job_completed', { job_id: jobId, seconds: result.timings.seconds });
    return { result_id: id };
  };

  return {
    async endAttempt({ job_id: jobId, run_id: runId, again, ...failure }) {
      if (ENDED_WITH_PROCESS.includes(failure.error_type)) {
        const stored = await completeStored(jobId, runId);
        if (stored !== undefined) return stored;
      }
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

/** A document that somebody has spoilt meanwhile can still be failed. */
function unreadable(error: unknown): undefined {
  if (!(error instanceof InvalidJob)) throw error;
}

function forDocument({ error_type, message }: Failure): JobFailure {
  return { error_type, error_message: message };
}
