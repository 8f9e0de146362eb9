/**
 * What a job's workflow hands to its activities and hears from them: ids of documents, counts, times and hashes. An
 * interview's id, a key, a measure or a word of a transcript never enters Temporal.
 */

/** A job as its workflow knows it. */
export interface JobRef {
  /** `_id` of the job's document, as hex digits. */
  job_id: string;
  /** The workflow's first execution run id, which every write to the job names. */
  run_id: string;
}

export interface AwaitObjectInput extends JobRef {
  /** An event has told that the object is there: one look is enough. */
  told: boolean;
  /** Since when the job waits for it, as an ISO time. */
  since: string;
}

/** Why an attempt or a job fails; `message` is of our own words, and names no key, no id and no address. */
export interface Failure {
  error_type: string;
  message: string;
}

/**
 * `attempts`: that were made at the job so far. `superseded`: the job's document is gone, has ended, or is another run's.
 */
export type Readiness = { ready: true; attempts: number } | { refused: Failure } | { superseded: true };

export interface StartInput extends JobRef {
  /** From 1; a claim that comes late, from an attempt before, takes nothing. */
  attempt: number;
}

/** What a process that has taken a place for a job, and claimed it, says of the work. */
export interface StartedJob {
  /** The task queue of the process that holds the place. */
  host_task_queue: string;
  /** Until the attempt is given up, in seconds from its claim. */
  timeout_seconds: number;
  /** Silence after which a process that works on it counts as lost. */
  heartbeat_seconds: number;
  /** Of the object that this attempt reads; parts of another one are not mixed with its own. */
  etag: string;
  /** Whether the video is sampled in time chunks, by any process. */
  chunked: boolean;
}

/** `absent`: the object is no longer there; nothing was claimed. */
export type Start = StartedJob | { superseded: true } | { absent: true };

/** The work on one object of one attempt. */
export interface WorkRef extends JobRef {
  etag: string;
}

/** What of a part goes into a history. */
export interface WrittenPart {
  hash: string;
  bytes: number;
}

export interface PassReport extends WrittenPart {
  /** 1 where the video was sampled in the same reading, 0 where no picture is looked at. */
  chunks: 0 | 1;
}

export interface IndexReport extends WrittenPart {
  /** Time chunks of the video. */
  chunks: number;
  /** Whether there is anything to hear. */
  sounds: boolean;
}

export interface ChunkInput extends WorkRef {
  k: number;
}

export interface StoreInput extends WorkRef {
  chunks: number;
  chunked: boolean;
}

/** `_id` of the result's document. */
export type Stored = { result_id: string } | { superseded: true };

/** How an attempt ends that has no result. */
export interface EndAttemptInput extends JobRef, Failure {
  /** `later`: trouble that may pass. `at_once`: the process was stopped, which says nothing about the job. */
  again: 'later' | 'at_once' | 'never';
}

/**
 * `retry_in_seconds`: the job is pending again, and nobody claims it for so long. `result_id`: the attempt had stored its
 * result when its process was lost, and the job is completed.
 */
export type EndedAttempt =
  { retry_in_seconds: number } | { result_id: string } | { failed: true } | { superseded: true };

/** Of a job that nobody has claimed. */
export type FailJobInput = JobRef & Failure;

/** On the orchestrators' task queue. */
export interface JobActivities {
  /** Fails retryably, with the pause until the next look, while the object is not there. Sets `data_process` to "1". */
  awaitObject(input: AwaitObjectInput): Promise<Readiness>;
  /** Writes that an attempt has ended without a result: pending again, or failed; completed, where it has one after all. */
  endAttempt(input: EndAttemptInput): Promise<EndedAttempt>;
  /** Fails a job that has not been claimed. */
  failJob(input: FailJobInput): Promise<{ failed: true } | { superseded: true }>;
}

/** On the task queue of all worker processes, whose places bound the jobs at once. */
export interface PlaceActivities {
  /** Takes a place for the job in this process, and claims the job. */
  startJob(input: StartInput): Promise<Start>;
}

/** On the task queue of the one process that holds the place. */
export interface HostActivities {
  /** Lasts as long as the place is held; fails as `PlaceGone` when the process gives it back. */
  holdPlace(input: JobRef): Promise<void>;
  /** One sequential pass over a medium that is not chunked: hears it, and samples its video. */
  passMedia(input: WorkRef): Promise<PassReport>;
  /** Finds keyframes and durations of one that is, and divides it. */
  indexMedia(input: WorkRef): Promise<IndexReport>;
  /** Hears one that is, from its beginning to its end. */
  hearMedia(input: WorkRef): Promise<WrittenPart>;
  /** Puts the parts together as a result, writes it, and then status "3". */
  storeResult(input: StoreInput): Promise<Stored>;
  /** Gives the place back; knows nothing of the job: does nothing. */
  finishJob(input: JobRef): Promise<void>;
}

/** On the task queue of chunks, which every worker process reads. */
export interface ChunkActivities {
  sampleChunk(input: ChunkInput): Promise<WrittenPart>;
}
