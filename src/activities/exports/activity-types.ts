import type { WaitingEvent, WebhookTry } from '../../contract/webhook.js';
import type { ExportEventInput } from '../../pipelines/exports/contract/event.js';
import type { JobRef } from '../../pipelines/exports/contract/job-ref.js';
import type { Priority } from '../../pipelines/exports/contract/priority.js';
import type { JobReason } from '../../pipelines/exports/contract/reasons.js';
import type { AlreadyDone, ExportResult, JobState } from '../../pipelines/exports/contract/result.js';

/** What a job is to do: its checked input, completed from the settings and from what S3 keeps of it. */
export interface JobPlan extends JobRef {
  attempt: number;
  priority: Priority;
  correlation_id: string;
  /** Of the message that asked for this attempt. */
  message_id?: string;
  started_at: string;
  /** When waiting for the export ends. */
  ready_by: string;
  history_event_limit: number;
  /** Whether the API wants to know how the job ends. */
  acknowledges: boolean;
  /** Whether there is an endpoint that wants to know; runs from before knew of none. */
  tells?: boolean;
}

/** `begins`: something of an attempt before is to be put aside first. */
export type CheckedJob = { plan: JobPlan; begins: boolean } | { done: AlreadyDone };

/** Why a job cannot go on as a whole; in words that hold no link and no name. */
export interface Refusal {
  reason: JobReason;
  detail: string;
}

/** What the API says of an export that is ready, as far as it does. */
export interface ReadyExport {
  file_count?: number;
  total_bytes?: number;
}

export type Readiness = { ready: ReadyExport } | { refused: Refusal };

/** What is listed so far. */
export type ListProgress = { listed: number; all_listed: boolean } | { refused: Refusal };

export interface DispatchInput {
  plan: JobPlan;
  /** Files that are listed. */
  listed: number;
  /** True: send nothing, only look. */
  paused: boolean;
}

/** What became of a job's tasks, as its fragments and the queue tell. */
export interface DispatchProgress {
  settled: number;
  /** Files that are in a task, or were settled before. */
  dispatched: number;
  /** Tasks that are out. */
  outstanding: number;
  /** Files of those that are not settled. */
  open_files: number;
  /** Further tasks that may be out at the same time. */
  room: number;
  /** Tasks sent again this time, since they were lost. */
  sent_again: number;
  source_paused: boolean;
}

export interface StopReport {
  /** Tasks that still ran when waiting for them ended. */
  still_running: number;
}

export interface JoinInput {
  plan: JobPlan;
  finished_at: string;
  /** How it ended where that is not for its files to say. */
  ended?:
    | { state: Extract<JobState, 'cancelled'>; detail?: string }
    | ({ state: Extract<JobState, 'failed'> } & Refusal);
}

export interface DownloadTaskInput extends JobRef {
  first_ordinal: number;
}

/** On the orchestrators' own task queue. */
export interface JobActivities {
  /** @throws ApplicationFailure of type `InvalidInput`, with one readable line, when the input cannot be used */
  checkJob(input: unknown): Promise<CheckedJob>;
  /** Puts an earlier attempt's result aside, and what it could not do back to be done. */
  beginAttempt(plan: JobPlan): Promise<void>;
  /** Looks at the fragments, sends what there is room for, and sends again what was lost. */
  dispatchTasks(input: DispatchInput): Promise<DispatchProgress>;
  /** Marks the job as cancelled, cancels its running tasks, and waits until none runs. */
  stopTasks(plan: JobPlan): Promise<StopReport>;
  setSourcePaused(source: string, paused: boolean): Promise<void>;
}

/** On the orchestrators' own task queue, for what is told of an attempt that has ended. */
export interface EventActivities {
  /** Writes the event down. @returns null where there is nothing to deliver */
  recordEvent(input: ExportEventInput): Promise<WaitingEvent | null>;
  /** Makes one try to deliver it. */
  sendEvent(input: { event_id: string }): Promise<WebhookTry>;
}

/** On the task queue whose rate is that of the Export API. */
export interface ApiActivities {
  /** Fails retryably while the export is not ready, with the pause that the API asks for. */
  awaitReady(plan: JobPlan): Promise<Readiness>;
  listPages(plan: JobPlan): Promise<ListProgress>;
  acknowledge(plan: JobPlan, state: Exclude<JobState, 'cancelled'>): Promise<void>;
}

/** On any worker process. */
export interface WorkActivities {
  joinResult(input: JoinInput): Promise<ExportResult>;
  /** @returns uploads aborted */
  abortUploads(job: JobRef): Promise<number>;
}

/** On the one process that holds the task's message. */
export interface TaskActivities {
  downloadTask(
    input: DownloadTaskInput,
  ): Promise<{ outcome: 'settled' | 'yielded' | 'cancelled' | 'gave_up' }>;
}
