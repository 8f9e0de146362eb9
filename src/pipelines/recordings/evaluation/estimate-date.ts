import { proportion } from './statistics/proportion.js';
import type { Estimate } from './statistics/estimate.js';

/** How many results a date has on either side of the threshold. */
export interface DateCounts {
  flagged: number;
  passed: number;
}

/** Reviewed results on one side of the threshold. */
export interface ReviewedSide {
  normal: number;
  anomalous: number;
}

/** Shares among all results of a date, from those that were reviewed. */
export interface DateEstimate {
  false_alarms: Estimate;
  recall: Estimate;
}

/** Two-sided 97.5 %, so that two intervals hold together with 95 % (Bonferroni). */
const Z_975 = 2.241402727604947;

/**
 * Estimates a date's shares of false alarms and of found anomalies where flagged results were reviewed more often than others: each side
 * of the threshold is a stratum, weighted by how many results it has (Cochran, Sampling Techniques, 3rd edition, 1977, chapter 5). Both
 * shares move in one direction with each stratum's share of errors, so their ends are at the ends of those (Wilson's, together 95 %);
 * the interval is rather too wide than too narrow. A stratum that was reviewed whole has no uncertainty.
 *
 * @param reviewed drawn at random within each side
 * @returns null where a side that has results has none reviewed, or nothing is left to count
 */
export function estimateDate(
  { flagged, passed }: DateCounts,
  reviewed: { flagged: ReviewedSide; passed: ReviewedSide },
): DateEstimate | null {
  const wrong = wrongOf(flagged, reviewed.flagged.normal, reviewed.flagged.anomalous);
  const missed = wrongOf(passed, reviewed.passed.anomalous, reviewed.passed.normal);
  if (wrong === null || missed === null) return null;
  const falseAlarms = (w: number, m: number): number => (flagged * w) / (flagged * w + passed * (1 - m));
  const recall = (w: number, m: number): number => (flagged * (1 - w)) / (flagged * (1 - w) + passed * m);
  const estimate = {
    false_alarms: {
      value: falseAlarms(wrong.value, missed.value),
      low: falseAlarms(wrong.low, missed.low),
      high: falseAlarms(wrong.high, missed.high),
    },
    recall: {
      value: recall(wrong.value, missed.value),
      low: recall(wrong.high, missed.high),
      high: recall(wrong.low, missed.low),
    },
  };
  const numbers = [...Object.values(estimate.false_alarms), ...Object.values(estimate.recall)];
  return numbers.every(Number.isFinite) ? estimate : null;
}

/** The share of one side that is on the wrong one. */
function wrongOf(all: number, wrong: number, right: number): Estimate | null {
  if (all === 0) return { value: 0, low: 0, high: 0 };
  const found = proportion(wrong, wrong + right, Z_975);
  if (found === null) return null;
  return wrong + right >= all ? { ...found, low: found.value, high: found.value } : found;
}
