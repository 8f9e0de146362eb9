import { Context } from '@temporalio/activity';
import type { InterviewJobs } from '../../pipelines/interviews/jobs/interview-jobs.js';
import type { InterviewsLogger } from '../../pipelines/interviews/log-events.js';
import type { InterviewsMetrics } from '../../pipelines/interviews/metrics/interviews-metrics.js';
import type { HeldJobs } from '../../pipelines/interviews/process/held-jobs.js';
import type { Combine } from '../../pipelines/interviews/results/combine.js';
import type { InterviewParts } from '../../pipelines/interviews/results/interview-parts.js';
import type { InterviewResults } from '../../pipelines/interviews/results/interview-results.js';
import type { InterviewsSettings } from '../../pipelines/interviews/settings/index.js';
import type { HostActivities } from './activity-types.js';

export interface StoreResultParts {
  config: Pick<InterviewsSettings, 'INTERVIEW_SAMPLE_SECONDS'>;
  jobs: Pick<InterviewJobs, 'complete'>;
  parts: Pick<InterviewParts, 'readIndex'>;
  results: Pick<InterviewResults, 'store'>;
  combine: Combine;
  held: HeldJobs;
  metrics: Pick<InterviewsMetrics, 'jobEnded'>;
  log: InterviewsLogger;
}

/** Puts a job's parts together, writes the result, and then that the job is completed: in this order, so that "3" always has one. */
export function createStoreResultActivity({
  config,
  jobs,
  parts,
  results,
  combine,
  held,
  metrics,
  log,
}: StoreResultParts): Pick<HostActivities, 'storeResult'> {
  return {
    storeResult: ({ job_id: jobId, run_id: runId, etag, chunks, chunked }) =>
      held.use({ job_id: jobId, run_id: runId }, async ({ job, gone }) => {
        const signal = AbortSignal.any([Context.current().cancellationSignal, gone]);
        const of = { job_id: jobId, run_id: runId, etag };
        const every = chunked ? (await parts.readIndex(of)).every : config.INTERVIEW_SAMPLE_SECONDS;
        const result = await combine({ job, of, chunks, every }, signal);
        signal.throwIfAborted();
        await results.store(result);
        const ended = await jobs.complete(jobId, runId, { resultId: result._id, etag });
        if (ended === 'not') return { superseded: true };
        if (ended === 'now') metrics.jobEnded('completed');
        log.info('interview_job_completed', { job_id: jobId, seconds: result.timings.seconds });
        return { result_id: result._id };
      }),
  };
}
