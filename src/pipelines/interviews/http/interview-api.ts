import type { Api } from '../../../platform/http/api.js';
import { NoSuchRun } from '../../../temporal/runs/run-errors.js';
import type { InterviewJob } from '../contract/job.js';
import type { InterviewResult } from '../contract/result.js';
import type { InterviewJobs } from '../jobs/interview-jobs.js';
import type { InterviewResults } from '../results/interview-results.js';
import {
  INTERVIEW_COMPONENTS,
  interviewParamsSchema,
  type InterviewAnswer,
  type InterviewParams,
} from './interview-schemas.js';

export interface InterviewApiParts {
  jobs: Pick<InterviewJobs, 'ofInterview'>;
  results: Pick<InterviewResults, 'ofInterview'>;
}

/** What a worker answers over HTTP of one interview: where a webhook's `links.interview` leads. */
export function interviewApi({ jobs, results }: InterviewApiParts): Api {
  return {
    components: INTERVIEW_COMPONENTS,
    operations: [
      {
        path: '/interviews/{interview_id}',
        operationId: 'getInterview',
        access: 'loopback',
        summary: 'An interview.',
        description: 'Its jobs, and what was measured of each medium; values by the second are left out.',
        answer: 'Interview',
        params: interviewParamsSchema,
        problems: { '404': 'There is no such interview, or it was erased.' },
        ask: async ({ interview_id: id }: InterviewParams): Promise<InterviewAnswer> => {
          const [ofJobs, ofResults] = await Promise.all([jobs.ofInterview(id), results.ofInterview(id)]);
          if (ofJobs.length === 0 && ofResults.length === 0) {
            throw new NoSuchRun('There is no such interview.');
          }
          return { interview_id: id, jobs: ofJobs.map(jobOf), results: ofResults.map(resultOf) };
        },
      },
    ],
  };
}

function jobOf(job: InterviewJob): InterviewAnswer['jobs'][number] {
  const { job_id, interview_type, status, data_process, bucket, key, attempts, revision } = job;
  return {
    ...{ job_id, interview_type, status, data_process, bucket, key, attempts, revision },
    created_at: job.created_at.toISOString(),
    started_at: job.started_at?.toISOString() ?? null,
    ended_at: job.ended_at?.toISOString() ?? null,
    next_attempt_at: job.next_attempt_at?.toISOString() ?? null,
    error_type: job.error_type ?? null,
    error_message: job.error_message ?? null,
    result_id: job.result_id ?? null,
  };
}

function resultOf(result: InterviewResult): InterviewAnswer['results'][number] {
  const { job_id, interview_type, engine_version, video, audio, speech, transcript, content } = result;
  return {
    result_id: result._id,
    ...{ job_id, interview_type, engine_version },
    media: { ...result.media },
    warnings: [...result.warnings],
    ...(video !== undefined && { video: { ...video } }),
    ...(audio !== undefined && { audio: { ...audio } }),
    ...(speech !== undefined && { speech: { ...speech } }),
    ...(transcript !== undefined && { transcript: { ...transcript } }),
    ...(content !== undefined && { content: { ...content } }),
    not_measured: [...result.not_measured],
    created_at: result.created_at.toISOString(),
  };
}
