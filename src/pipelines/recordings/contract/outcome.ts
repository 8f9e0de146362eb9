import { noCounts } from '../../../contract/counts.js';
import type { OutcomeCounts, OutcomeRule } from '../../../contract/outcome.js';

/** Where a delivery can end; the names are the contract's. */
export const OUTCOMES = [
  'completed',
  'skipped_existing',
  'skipped_ineligible',
  'failed_pre_inference',
  'malformed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What each outcome leaves behind, and what happens to its message. */
export interface RecordingOutcomeRule extends OutcomeRule {
  resultDocument: boolean;
  csvRow: boolean;
}

export const OUTCOME_RULES: Readonly<Record<Outcome, RecordingOutcomeRule>> = {
  completed: { resultDocument: true, csvRow: true, message: 'delete' },
  skipped_existing: { resultDocument: false, csvRow: true, message: 'delete' },
  skipped_ineligible: { resultDocument: false, csvRow: true, message: 'delete' },
  failed_pre_inference: { resultDocument: false, csvRow: true, message: 'retry_later' },
  malformed: { resultDocument: false, csvRow: false, message: 'delete' },
};

/** Deliveries by outcome. */
export type RecordingOutcomes = OutcomeCounts<Outcome>;

/** Why a delivery went back to the queue without an outcome. */
export const RETURN_REASONS = [
  /** The message is of another source than its worker serves, which cannot judge whether it is still wanted. */
  'other_source',
  /** Its receipt ran out or was taken over while the batch was worked on. */
  'receipt_lost',
  /** The store refused its result document. */
  'not_written',
  /** It waited for another delivery of the same recording, which brought no result. */
  'twin_without_result',
  /** No stage decided on it, which no known path leads to. */
  'undecided',
] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

export const noOutcomes = (): RecordingOutcomes => noCounts(OUTCOMES);
