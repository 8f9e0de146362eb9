import type { InterviewJob, JobStatus } from '../contract/job.js';

/**
 * The jobs of interviews. Every method throws `DependencyUnavailable` when the store does not answer.
 *
 * A write names the state that it starts from, and of a claimed job the run that claimed it. It tells by its answer
 * whether the job was in that state: false means that the job is another's by now, has been erased, or was begun anew,
 * and whoever asked ends quietly. Asking again for a write that was done is answered like the first time, so that an
 * activity may be repeated.
 */
export interface InterviewJobs {
  /** @throws InvalidJob for a document that is none; undefined where there is no document */
  get(jobId: string): Promise<InterviewJob | undefined>;

  /** All jobs of the interview, the oldest first; documents that are none are left out. */
  ofInterview(interviewId: string): Promise<InterviewJob[]>;

  /** The object is there: `data_process` "1". Only of a job that waits. */
  markReady(jobId: string): Promise<boolean>;

  /**
   * Takes a job that waits: status "1".
   *
   * @param attempt 1 for the first; a claim that comes late, from an attempt before, matches nothing
   * @returns the claimed job; undefined where it is not to be had, which ends the workflow as superseded
   */
  claim(jobId: string, claim: { runId: string; attempt: number }): Promise<InterviewJob | undefined>;

  /** Whether the job is claimed by this run, and its object still the one that is meant. Asked before a result is written. */
  holds(jobId: string, runId: string): Promise<boolean>;

  /** Writes down which object this attempt reads. */
  setEtag(jobId: string, runId: string, etag: string): Promise<boolean>;

  /** The attempt failed and another follows: status "0", `data_process` "1", unclaimed. */
  reschedule(jobId: string, runId: string, failure: JobFailure & { nextAttemptAt: Date }): Promise<boolean>;

  /** Status "2". @param runId null for a job that nobody has claimed, e.g. whose object never came */
  fail(jobId: string, runId: string | null, failure: JobFailure): Promise<EndedJob>;

  /** Status "3". @param resultId `_id` of the result */
  complete(jobId: string, runId: string, result: { resultId: string; etag: string }): Promise<EndedJob>;

  /**
   * Begins an ended job anew: status "0", no attempts, revision + 1, for a workflow that has yet to be started.
   *
   * @param from what the caller saw; a job that has changed since then is left alone
   */
  beginAnew(job: Pick<InterviewJob, 'job_id' | 'status' | 'revision'>, from: BeginAnew): Promise<boolean>;

  /** Of jobs by their state; `ready` counts those of "0" whose object is there. */
  count(): Promise<JobCounts>;

  /** Of jobs that ended since then. */
  endedSince(since: Date): Promise<EndedJobs>;

  /** Jobs in the order of their ids, after the given one. Documents that are no jobs are passed over. */
  list(filter: JobFilter, page: { limit: number; after?: string }): Promise<JobPage>;

  /** Deletes the interview's jobs, for good. @returns how many */
  deleteInterview(interviewId: string): Promise<number>;

  /** @returns why they could not be made, for the log */
  ensureIndexes(): Promise<string | undefined>;
  ping(): Promise<void>;
}

/**
 * Whether a write has ended a job: `now`, and whoever counts ended jobs counts it; `before`, by an earlier try whose answer was lost,
 * also with its process; `not`: the job was not in that state.
 */
export type EndedJob = 'now' | 'before' | 'not';

/** Words for whoever reads the job: no key, address or id. */
export interface JobFailure {
  error_type: string;
  error_message: string;
}

/** Why an ended job is begun anew: its object has been replaced (`ready`: and is there), or somebody asks for it. */
export interface BeginAnew {
  reason: 'object_replaced' | 'retry' | 'reprocess';
  ready: boolean;
}

export interface JobCounts {
  total: number;
  byStatus: Readonly<Record<JobStatus, number>>;
  /** Of "0": those whose object is there. */
  ready: number;
}

export interface EndedJobs {
  completed: number;
  failed: number;
  /** From the last claim to the end, averaged over the completed ones; null without any. */
  averageSeconds: number | null;
}

export interface JobPage {
  jobs: InterviewJob[];
  /** Where the next page starts; undefined: this was the last one. A page of few jobs need not be. */
  next: string | undefined;
}

export interface JobFilter {
  status?: JobStatus;
  interviewId?: string;
}
