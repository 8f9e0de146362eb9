import type { Reason } from '../contract/result-document.js';
import { describeDeviation } from './feature-words.js';

/** A reviewer reads a few; what follows them explains little. */
const MOST_REASONS = 3;

/** Features that explain less than this share of the score are no reason. */
const LEAST_SHARE = 0.02;

/**
 * The features that drove a score, greatest share first; two that read the same to a person count as one.
 *
 * @param names of the model's features, in order
 * @param deviations from the training mean, in training standard deviations
 * @param contributions what each feature adds to the score; negative ones count as nothing
 */
export function reasonsFor(
  names: readonly string[],
  deviations: ArrayLike<number>,
  contributions: ArrayLike<number>,
): Reason[] {
  const shares = Array.from(contributions, (contribution) => Math.max(0, contribution));
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (!(total > 0)) return [];

  const ranked = names
    .map((feature, column) => ({
      feature,
      contribution: shares[column]! / total,
      deviation: deviations[column]!,
    }))
    .filter(({ contribution }) => contribution >= LEAST_SHARE)
    .sort((a, b) => b.contribution - a.contribution);
  const said = new Set<string>();
  const reasons: Reason[] = [];
  for (const { feature, contribution, deviation } of ranked) {
    const description = describeDeviation(feature, deviation);
    if (said.has(description)) continue;
    said.add(description);
    reasons.push({
      feature,
      contribution: rounded(contribution),
      deviation: rounded(deviation),
      description,
    });
    if (reasons.length === MOST_REASONS) break;
  }
  return reasons;
}

/** Four digits are more than a reviewer needs, and make the same reason the same document on every machine. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
