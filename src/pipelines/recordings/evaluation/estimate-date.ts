import type { Estimate } from './statistics/estimate.js';
import { proportion } from './statistics/proportion.js';

/** Results of a date that were chosen for review in one way. */
export interface Stratum {
  /** On which side of the threshold they are. */
  flagged: boolean;
  /** How many results the date has in it; no fewer than were reviewed. */
  results: number;
  /** How the reviewed ones were judged. */
  normal: number;
  anomalous: number;
}

/** Shares among all results of a date, from those that were reviewed. */
export interface DateEstimate {
  false_alarms: Estimate;
  recall: Estimate;
}

/** Two-sided normal quantiles by the number of intervals that hold together with 95 % (Bonferroni): 95, 97.5 and 98.33 %. */
const Z_TOGETHER = [1.959963984540054, 2.241402727604947, 2.393979800108507];

/**
 * Estimates a date's shares of false alarms and of found anomalies where its results were not all as likely to be reviewed: each stratum is
 * weighted by how many results it has (Cochran, Sampling Techniques, 3rd edition, 1977, chapter 5). Both shares move in one direction
 * with each stratum's share of errors, so their ends are at the ends of those (Wilson's, together 95 %); the interval is
 * rather too wide than too narrow. A stratum that was reviewed whole has no uncertainty.
 *
 * @param strata at most three that were not reviewed whole; reviewed ones drawn at random within each
 * @returns null where a stratum that has results has none reviewed, or nothing is left to count
 */
export function estimateDate(strata: readonly Stratum[]): DateEstimate | null {
  const filled = strata.filter(({ results }) => results > 0);
  if (filled.some(({ normal, anomalous }) => normal + anomalous === 0)) return null;
  const sampled = filled.filter((stratum) => !isWhole(stratum)).length;
  const z = Z_TOGETHER[Math.max(0, sampled - 1)];
  const errors = filled.map((stratum) => errorsOf(stratum, z));
  const sum = (flagged: boolean, wrong: boolean, end: keyof Estimate): number =>
    filled.reduce((total, stratum, index) => {
      if (stratum.flagged !== flagged) return total;
      const share = errors[index]![end];
      return total + stratum.results * (wrong ? share : 1 - share);
    }, 0);
  const falseAlarms = (end: keyof Estimate): number =>
    sum(true, true, end) / (sum(true, true, end) + sum(false, false, end));
  const recall = (end: keyof Estimate): number =>
    sum(true, false, end) / (sum(true, false, end) + sum(false, true, end));
  const estimate = {
    false_alarms: { value: falseAlarms('value'), low: falseAlarms('low'), high: falseAlarms('high') },
    // Fewer errors, more found.
    recall: { value: recall('value'), low: recall('high'), high: recall('low') },
  };
  const numbers = [...Object.values(estimate.false_alarms), ...Object.values(estimate.recall)];
  return numbers.every(Number.isFinite) ? estimate : null;
}

const isWhole = ({ results, normal, anomalous }: Stratum): boolean => normal + anomalous >= results;

/** The share of a stratum that is on the wrong side. */
function errorsOf(stratum: Stratum, z: number | undefined): Estimate {
  const { flagged, normal, anomalous } = stratum;
  const found = proportion(flagged ? normal : anomalous, normal + anomalous, z)!;
  return isWhole(stratum) ? { value: found.value, low: found.value, high: found.value } : found;
}
