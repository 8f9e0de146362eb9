import type { DriftReport, DriftUnavailable } from '../pipelines/recordings/contract/drift.js';
import type { FailureCounts, OutcomeCounts, ReturnCounts } from './outcome.js';
import type { QueueDepth } from '../queue/message-queue.js';
import type {
  DiscoveryMode,
  DiscoveryStats,
  RunStatus,
} from '../pipelines/recordings/contract/state-document.js';
import type { Watermark } from '../pipelines/recordings/contract/watermark.js';

/** How a batch ended. */
export type BatchStatus =
  /** Every item has its outcome. */
  | 'processed'
  /** The queue had nothing to give. */
  | 'empty'
  /** No inference worker took the batch in time. */
  | 'no_worker'
  /** The host that held the batch is gone; its messages come back by themselves. */
  | 'host_lost'
  /** A stage failed for the whole batch; its messages were given back. */
  | 'failed';

/** Result of `inferenceWorkflow`. */
export interface BatchSummary {
  batch_id: string;
  status: BatchStatus;
  received: number;
  /** Deliveries given back without an outcome: lost receipts, and all of a batch that failed. */
  returned: number;
  outcomes: OutcomeCounts;
  /** Of `failed_pre_inference`, by cause; absent from batches of older workers. */
  failures?: FailureCounts;
  /** Of `returned`, by reason, where a batch came to its end. Absent: none. */
  returns?: ReturnCounts;
  /** Settled, but not deleted because SQS did not answer in time: they come again as `skipped_existing`. Absent: none. */
  not_deleted?: number;
  /** Milliseconds a stage, for the whole batch. */
  timings_ms: Record<string, number>;
  /** Why the batch failed; never holds personal data. */
  reason?: string;
}

/** Totals of a run's batches. */
export interface DispatchStats {
  batches: number;
  batches_failed: number;
  hosts_lost: number;
  received: number;
  returned: number;
  outcomes: OutcomeCounts;
  /** Attempts that ended as `failed_pre_inference`, by cause; absent from runs that an older worker began. */
  failures?: FailureCounts;
  /** Of `returned`, by reason, in batches that came to their end. Absent: none. */
  returns?: ReturnCounts;
  /** Settled messages that SQS did not delete in time, all of which come again. Absent: none. */
  not_deleted?: number;
}

/** Answer of the query `status`, and, with its final values, the result of `discoveryWorkflow`. */
export interface DiscoverySummary extends DispatchStats {
  test_date: string;
  source_collection: string;
  mode: DiscoveryMode;
  status: RunStatus;
  queue_url: string;
  discovery: DiscoveryStats;
  watermark: Watermark | null;
  source_exhausted: boolean;
  lanes: number;
  limits: RunLimits;
  /** As last measured; null before the first measurement. */
  backlog: Backlog | null;
  /** At the end of a run, how its date's recordings differ from the model's training; null before, and where features are not kept. */
  drift: DriftReport | DriftUnavailable | null;
  started_at: string;
  updated_at: string;
}

/** Answer of the query `status`, and the result, of `ingestWorkflow`. */
export interface IngestSummary extends DispatchStats {
  status: RunStatus;
  queue_url: string;
  lanes: number;
  backlog: Backlog | null;
  started_at: string;
  updated_at: string;
}

/** What waits in a queue, and who is there to work on it. */
export interface Backlog extends QueueDepth {
  inference_workers: number;
  /** Batches that these processes take at once, all together; absent where one of them does not say. */
  places?: number;
}

/** The limits in force. */
export interface RunLimits {
  /** Batches at once in each inference process; null: as many as each takes by its own MAX_CONCURRENCY. */
  max_concurrency: number | null;
  max_records: number | null;
  discovery_batch_size: number;
  batch_size: number;
  poll_interval_seconds: number;
}
