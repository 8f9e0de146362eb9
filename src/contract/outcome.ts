import type { Counts } from './counts.js';

/** What an outcome does to its message. */
export interface OutcomeRule {
  /**
   * `delete`: gone from the queue. `retry_later`: visible again after a delay, then the dead-letter queue by redrive.
   */
  message: 'delete' | 'retry_later';
}

/** What each outcome of a pipeline does. */
export type OutcomeRules<Outcome extends string = string> = Readonly<Record<Outcome, OutcomeRule>>;

/** Deliveries by outcome; the names are the pipeline's. */
export type OutcomeCounts<Outcome extends string = string> = Counts<Outcome>;

/** Failed deliveries by cause, the error's class: such as `ObjectNotFound`. */
export type FailureCounts = Counts;

/** Deliveries given back, by reason. */
export type ReturnCounts = Counts;
