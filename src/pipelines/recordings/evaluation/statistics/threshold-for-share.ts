import { betaQuantile, binomialCdf } from './binomial.js';
import { TAIL_95, type Estimate } from './estimate.js';

/** The threshold for a wished share of false alarms, and how well so many recordings determine it. */
export interface ThresholdForShare {
  /** The wish: the share of normal recordings that may be flagged. */
  share: number;
  /** Normal recordings that it rests on. */
  normals: number;
  /** A score above it is an anomaly; null where there are fewer normals than `needed`. */
  threshold: number | null;
  /** 95 % interval of the true quantile, of any distribution; null where so few recordings give no such end. */
  low: number | null;
  high: number | null;
  /** Share of further normal recordings that this threshold flags: expected, and 95 % interval. */
  flags: Estimate | null;
  /** The fewest normals with which a threshold can be set, and those with which its interval has an upper end. */
  needed: number;
  needed_for_interval: number;
}

/** Guards ceilings of products that should be whole, such as 50 × 0.98. */
const ROUNDING = 1e-9;

/**
 * The least threshold by which a further normal recording is flagged with at most the wished probability, whatever the distribution of
 * scores: of n normal scores the one of rank ⌈(n + 1)(1 - share)⌉, since the score of rank r is exceeded with probability (n - r + 1)/(n + 1)
 * (Wilks, Annals of Mathematical Statistics 12 (1941) 91-96; the same rank is split conformal prediction's, Vovk, Gammerman and Shafer,
 * Algorithmic Learning in a Random World, 2005). What it flags is distributed as Beta(n - r + 1, r). The interval of the quantile lies between two order
 * statistics, chosen by the binomial distribution (David and Nagaraja, Order Statistics, 3rd edition, section 7.1).
 *
 * @param normalScores of recordings that are as those to come
 * @param share above 0, below 1
 */
export function thresholdForShare(normalScores: Iterable<number>, share: number): ThresholdForShare {
  const scores = Float64Array.from(normalScores).sort();
  const normals = scores.length;
  const needed = Math.ceil(1 / share - 1 - ROUNDING);
  const needed_for_interval = Math.ceil(Math.log(TAIL_95) / Math.log1p(-share));
  const rank = Math.ceil((normals + 1) * (1 - share) - ROUNDING);
  const ranked = (at: number): number | null => scores[at - 1] ?? null;
  const counts = { share, normals, needed, needed_for_interval };
  if (normals < needed || rank < 1) return { ...counts, threshold: null, low: null, high: null, flags: null };

  const atMost = (k: number): number => binomialCdf(k, normals, 1 - share);
  // The greatest rank whose score lies above the quantile with 2.5 % at most, and the least whose score lies below it with no more.
  const lower = leastWhere(normals + 1, (at) => atMost(at) > TAIL_95);
  const upper = leastWhere(normals + 1, (at) => atMost(at - 1) >= 1 - TAIL_95);
  const above = normals - rank + 1;
  return {
    ...counts,
    threshold: ranked(rank),
    low: ranked(lower),
    high: ranked(upper),
    flags: {
      value: above / (normals + 1),
      low: betaQuantile(TAIL_95, above, rank),
      high: betaQuantile(1 - TAIL_95, above, rank),
    },
  };
}

/** The least whole number from 0 up to `most` for which a condition holds that holds from some number on; `most` where it never does. */
function leastWhere(most: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
