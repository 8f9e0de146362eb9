import type { Backlog } from '../../contract/backlog.js';
import type { SettledCounts } from '../../contract/batch-summary.js';

/** `max_concurrency`: batches that count at most of each process's places; null counts all. */
export interface MeasureBacklogInput {
  queue_url: string;
  max_concurrency?: number | null;
}

/** Offered by orchestrators. */
export interface BacklogActivities {
  measureBacklog(input: MeasureBacklogInput): Promise<Backlog>;
}

/** Offered by every worker process on its pipeline's shared task queue. */
export interface ReceiveActivities {
  receiveBatch(input: unknown, batch: BatchIdentity): Promise<ReceivedBatch>;
}

/** How a batch is known in logs, results and the batch store. */
export interface BatchIdentity {
  batch_id: string;
}

export interface ReceivedBatch {
  /** The task queue of the process that holds the batch. */
  host_task_queue: string;
  received: number;
  malformed: number;
  /** The process runs several stages in one activity where the pipeline has one for it; absent from those of an older version. */
  joins_stages?: true;
  /** The process runs all further stages in one activity where the pipeline has one for it; absent likewise. */
  joins_all?: true;
}

/** What a stage leaves to do. */
export interface StageReport {
  /** Items that the next stage has to look at; 0 lets the workflow go straight to the end. */
  remaining: number;
}

/** What several stages in one activity leave to do, and how long each took. */
export interface JoinedReport extends StageReport {
  timings_ms: Record<string, number>;
}

/** What became of a batch. */
export type AcknowledgeReport<Outcome extends string = string> = SettledCounts<Outcome>;

/** What became of a batch whose stages ran in one activity, and how long each took. */
export interface ProcessedReport<Outcome extends string = string> extends AcknowledgeReport<Outcome> {
  timings_ms: Record<string, number>;
}

/**
 * The last steps of every batch, on the task queue of the one process that holds it; a pipeline's stages come before
 * them. Each is safe to run twice.
 */
export interface HostActivities<Outcome extends string = string> {
  acknowledge(batch: BatchIdentity): Promise<AcknowledgeReport<Outcome>>;
  /** Gives a batch back to the queue; knows nothing of it: does nothing. */
  releaseBatch(batch: BatchIdentity): Promise<void>;
}
