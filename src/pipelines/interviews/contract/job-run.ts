import type { RunStatus } from '../../../contract/run-status.js';

/** Where a job's workflow stands. */
export type JobStage =
  | 'waiting_for_object'
  | 'waiting_for_place'
  | 'analysing'
  | 'storing'
  | 'waiting_to_retry'
  | 'telling'
  | 'ended';

/** How a job's workflow ended; `superseded`: the job was another run's, or gone. */
export const JOB_OUTCOMES = ['completed', 'failed', 'superseded', 'cancelled'] as const;
export type JobOutcome = (typeof JOB_OUTCOMES)[number];

/** What a job's workflow says of itself, and ends with: no name, no key, no measure. */
export interface JobRunStatus {
  status: RunStatus;
  stage: JobStage;
  job_id: string;
  /** 0 before the first. */
  attempt: number;
  chunks: { total: number; done: number };
  /** Of the last attempt that failed. */
  error_type?: string;
  outcome?: JobOutcome;
  started_at: string;
  updated_at: string;
}
