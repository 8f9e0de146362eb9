import type { Backlog } from '../../../contract/backlog.js';
import type { BatchSummary, DispatchStats } from '../../../contract/batch-summary.js';
import type { RunStatus } from '../../../contract/run-status.js';
import type { DriftReport, DriftUnavailable } from './drift.js';
import type { RunLimits } from './limits.js';
import type { Outcome } from './outcome.js';
import type { DiscoveryMode, DiscoveryStats } from './state-document.js';
import type { Watermark } from './watermark.js';

/** Result of `inferenceWorkflow`. */
export type InferenceSummary = BatchSummary<Outcome>;

/** Answer of the query `status`, and, with its final values, the result of `discoveryWorkflow`. */
export interface DiscoverySummary extends DispatchStats<Outcome> {
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
  /**
   * At the end of a run, how its date's recordings differ from the model's training; null before, and where features
   * are not kept.
   */
  drift: DriftReport | DriftUnavailable | null;
  started_at: string;
  updated_at: string;
}

/** Answer of the query `status`, and the result, of `ingestWorkflow`. */
export interface IngestSummary extends DispatchStats<Outcome> {
  status: RunStatus;
  queue_url: string;
  lanes: number;
  backlog: Backlog | null;
  started_at: string;
  updated_at: string;
}
