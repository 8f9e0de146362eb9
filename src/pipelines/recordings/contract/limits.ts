import { BATCH_SIZE_BOUNDS, type LimitBounds } from '../../../contract/limits.js';

/** The limits in force. */
export interface RunLimits {
  /** Batches at once in each inference process; null: as many as each takes by its own MAX_CONCURRENCY. */
  max_concurrency: number | null;
  max_records: number | null;
  discovery_batch_size: number;
  batch_size: number;
  poll_interval_seconds: number;
}

/** What `set_limits` takes: any of the limits; null lifts a bound that may be absent. */
export type LimitChanges = Partial<RunLimits>;

/** Inclusive bounds; the same as the workflow inputs'. */
export const LIMIT_BOUNDS: Readonly<Record<keyof RunLimits, LimitBounds>> = {
  max_concurrency: { min: 1, max: 64, liftedByNull: true },
  max_records: { min: 1, max: 1_000_000_000, liftedByNull: true },
  discovery_batch_size: { min: 1, max: 5000 },
  batch_size: BATCH_SIZE_BOUNDS,
  poll_interval_seconds: { min: 1, max: 86_400 },
};
