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
export interface OutcomeRule {
  resultDocument: boolean;
  csvRow: boolean;
  /** `delete`: gone from SQS. `retry_later`: visible again after a delay, then the dead-letter queue by redrive. */
  message: 'delete' | 'retry_later';
}

export const OUTCOME_RULES: Readonly<Record<Outcome, OutcomeRule>> = {
  completed: { resultDocument: true, csvRow: true, message: 'delete' },
  skipped_existing: { resultDocument: false, csvRow: true, message: 'delete' },
  skipped_ineligible: { resultDocument: false, csvRow: true, message: 'delete' },
  failed_pre_inference: { resultDocument: false, csvRow: true, message: 'retry_later' },
  malformed: { resultDocument: false, csvRow: false, message: 'delete' },
};

/** Deliveries by outcome. */
export type OutcomeCounts = Record<Outcome, number>;

/** Failed deliveries by cause, the error's class: `AudioNotFound`, `AudioTruncated` and their like. */
export type FailureCounts = Record<string, number>;

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

/** Deliveries given back, by reason. */
export type ReturnCounts = Record<string, number>;

/** Adds up numbers by cause or reason. */
export function addCounts(
  total: Readonly<Record<string, number>>,
  more: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum = { ...total };
  for (const [cause, count] of Object.entries(more)) sum[cause] = (sum[cause] ?? 0) + count;
  return sum;
}

export function noOutcomes(): OutcomeCounts {
  return { completed: 0, skipped_existing: 0, skipped_ineligible: 0, failed_pre_inference: 0, malformed: 0 };
}

export function addOutcomes(total: OutcomeCounts, more: OutcomeCounts): OutcomeCounts {
  const sum = noOutcomes();
  for (const outcome of OUTCOMES) sum[outcome] = total[outcome] + more[outcome];
  return sum;
}
