import { Context } from '@temporalio/activity';
import type { InterviewInput } from '../../pipelines/interviews/contract/workflow-inputs.js';
import { interviewInputSchema } from '../../pipelines/interviews/contract/workflow-inputs.js';
import { interviewWorkflowId } from '../../pipelines/interviews/contract/names.js';
import { JOB_STATUS, type InterviewJob } from '../../pipelines/interviews/contract/job.js';
import type { InterviewEvent } from '../../pipelines/interviews/contract/event.js';
import { endOf, failureOf } from '../../pipelines/interviews/events/event-of.js';
import type { InterviewEvents } from '../../pipelines/interviews/events/interview-events.js';
import { interviewState } from '../../pipelines/interviews/events/interview-state.js';
import { interviewDigest } from '../../pipelines/interviews/interview-digest.js';
import type { InterviewJobs } from '../../pipelines/interviews/jobs/interview-jobs.js';
import { InvalidJob } from '../../pipelines/interviews/jobs/job-errors.js';
import type { InterviewsSettings } from '../../pipelines/interviews/settings/index.js';
import { checkedInput, invalidInput } from '../shared/checked-input.js';
import type { InterviewEventActivities, InterviewLook } from './event-activity-types.js';

export interface LookParts {
  config: Pick<InterviewsSettings, 'INTERVIEW_ID_KEY' | 'INTERVIEW_SETTLE_SECONDS'>;
  jobs: Pick<InterviewJobs, 'get' | 'ofInterview'>;
  events: Pick<InterviewEvents, 'record' | 'of'>;
  /** Whether events can be sent at all. */
  sendable: boolean;
  now?: () => Date;
}

const GONE: InterviewLook = {
  stage: 'gone',
  jobs: { open: 0, ended: 0 },
  state: '',
  settle_seconds: 0,
  waiting: [],
};

export function createLookActivities(
  parts: LookParts,
): Pick<InterviewEventActivities, 'lookAtInterview' | 'recordOutcome'> {
  const { events, sendable } = parts;
  return {
    async lookAtInterview(input) {
      const jobs = await jobsOf(parts, input);
      return jobs.length === 0 ? GONE : look(parts, jobs);
    },

    async recordOutcome({ state, ...input }) {
      const jobs = await jobsOf(parts, input);
      if (jobs.length === 0) return GONE;
      const now = interviewState(jobs);
      if (now.ended !== 'no' && now.hash === state) {
        await events.record(endOf(jobs[0]!.interview_id, jobs), sendable);
      }
      return look(parts, jobs);
    },
  };
}

/** All jobs of the interview that a job belongs to; none where it is not there any more, or is no job. */
async function jobsOf({ config, jobs }: LookParts, input: InterviewInput): Promise<InterviewJob[]> {
  const { workflowExecution, workflowType } = Context.current().info;
  const { job_id } = checkedInput(interviewInputSchema, input, workflowType ?? 'interviewWorkflow');
  const job = await jobs.get(job_id).catch((error: unknown) => {
    if (error instanceof InvalidJob) return undefined;
    throw error;
  });
  if (job === undefined) return [];
  const id = interviewWorkflowId(interviewDigest(job.interview_id, config.INTERVIEW_ID_KEY));
  if (workflowExecution?.workflowId !== id) {
    throw invalidInput(`the job ${job_id} is not one of this interview, whose workflow id would be ${id}`);
  }
  return jobs.ofInterview(job.interview_id);
}

async function look(
  { config, events, sendable, now = () => new Date() }: LookParts,
  jobs: readonly InterviewJob[],
): Promise<InterviewLook> {
  const interviewId = jobs[0]!.interview_id;
  let told = await events.of(interviewId);
  const untold = jobs
    .filter(({ status }) => status === JOB_STATUS.failed)
    .map(failureOf)
    .filter(
      (failure) => !told.some(({ job_id, state }) => job_id === failure.job_id && state === failure.state),
    );
  for (const failure of untold) await events.record(failure, sendable);
  if (untold.length > 0) told = await events.of(interviewId);
  const { open, completed, failed, ended, hash } = interviewState(jobs);
  const isTold = told.some(({ job_id, state }) => job_id === undefined && state === hash);
  return {
    stage: ended === 'no' ? 'open' : isTold ? 'told' : 'ended',
    jobs: { open, ended: completed + failed },
    state: hash,
    settle_seconds: ended === 'expected' ? 0 : config.INTERVIEW_SETTLE_SECONDS,
    waiting: told.filter(({ status }) => status === 'pending').map((event) => waitingOf(event, now())),
  };
}

function waitingOf({ event_id, next_try_at }: InterviewEvent, now: Date): InterviewLook['waiting'][number] {
  return { event_id, wait_ms: Math.max(0, (next_try_at?.getTime() ?? 0) - now.getTime()) };
}
