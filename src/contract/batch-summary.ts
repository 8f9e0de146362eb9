import type { FailureCounts, OutcomeCounts, ReturnCounts } from './outcome.js';

/** How a batch ended. */
export type BatchStatus =
  /** Every item has its outcome. */
  | 'processed'
  /** The queue had nothing to give. */
  | 'empty'
  /** No worker took the batch in time. */
  | 'no_worker'
  /** The host that held the batch is gone; its messages come back by themselves. */
  | 'host_lost'
  /** A stage failed for the whole batch; its messages were given back. */
  | 'failed';

/** What became of deliveries, of one batch or of all of a run. */
export interface SettledCounts<Outcome extends string = string> {
  /** Deliveries given back without an outcome: lost receipts, and all of a batch that failed. */
  returned: number;
  outcomes: OutcomeCounts<Outcome>;
  /** Failed attempts, by cause; absent from workers and runs of an older version. */
  failures?: FailureCounts;
  /** Of `returned`, by reason, in batches that came to their end. Absent: none. */
  returns?: ReturnCounts;
  /** Settled, but not deleted because SQS did not answer in time: these messages are delivered again. Absent: none. */
  not_deleted?: number;
}

/** Result of a batch's workflow. */
export interface BatchSummary<Outcome extends string = string> extends SettledCounts<Outcome> {
  batch_id: string;
  status: BatchStatus;
  received: number;
  /** Milliseconds a stage, for the whole batch. */
  timings_ms: Record<string, number>;
  /** Why the batch failed; never holds personal data. */
  reason?: string;
}

/** Totals of a run's batches. */
export interface DispatchStats<Outcome extends string = string> extends SettledCounts<Outcome> {
  batches: number;
  batches_failed: number;
  hosts_lost: number;
  received: number;
}
