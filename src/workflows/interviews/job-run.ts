import { setCurrentDetails } from '@temporalio/workflow';
import type { JobOutcome, JobRunStatus, JobStage } from '../../pipelines/interviews/contract/job-run.js';

/** Where a job's workflow stands. */
export interface JobRun {
  readonly job_id: string;
  /** First execution run id. */
  readonly run_id: string;
  readonly started_at: string;
  stage: JobStage;
  attempt: number;
  /** Attempts whose failures count. */
  failures: number;
  /** Processes that were lost with it, and counted no failure. */
  losses: number;
  chunks: { total: number; done: number };
  error_type?: string;
  outcome?: JobOutcome;
}

export function newJobRun(jobId: string, runId: string): JobRun {
  return {
    job_id: jobId,
    run_id: runId,
    started_at: new Date().toISOString(),
    stage: 'waiting_for_object',
    attempt: 0,
    failures: 0,
    losses: 0,
    chunks: { total: 0, done: 0 },
  };
}

export function summarize(run: JobRun): JobRunStatus {
  const { job_id, stage, attempt, chunks, error_type: errorType, outcome, started_at } = run;
  return {
    status: statusOf(outcome),
    stage,
    job_id,
    attempt,
    chunks: { ...chunks },
    ...(errorType !== undefined && { error_type: errorType }),
    ...(outcome !== undefined && { outcome }),
    started_at,
    updated_at: new Date().toISOString(),
  };
}

function statusOf(outcome: JobOutcome | undefined): JobRunStatus['status'] {
  if (outcome === undefined) return 'running';
  if (outcome === 'failed') return 'failed';
  return outcome === 'cancelled' ? 'stopped' : 'completed';
}

/** Goes on to the next stage, and says so in the Web UI. */
export function enter(run: JobRun, stage: JobStage): void {
  run.stage = stage;
  show(run);
}

export function show(run: JobRun): void {
  setCurrentDetails(describe(run));
}

const STAGES: Readonly<Record<JobStage, string>> = {
  waiting_for_object: 'waiting for the object',
  waiting_for_place: 'waiting for a place in a worker process',
  analysing: 'being analysed',
  storing: 'the result is being stored',
  waiting_to_retry: 'waiting for the next attempt',
  telling: 'telling the interview',
  ended: 'ended',
};

function describe({ job_id: id, stage, attempt, chunks, error_type: errorType, outcome }: JobRun): string {
  return [
    `**Job ${id}**${attempt > 1 ? ` · attempt ${attempt}` : ''} · **${outcome ?? STAGES[stage]}**`,
    ...(chunks.total > 0 ? ['', `- **Chunks** ${chunks.done} of ${chunks.total}`] : []),
    ...(errorType === undefined ? [] : ['', `- **Last failure** ${errorType}`]),
  ].join('\n');
}
