import type { Reason } from '../contract/result-document.js';
import { describeDeviation, UNREMARKABLE } from './feature-words.js';

/** A reviewer reads a few; what follows them explains little. */
const MOST_REASONS = 3;

/** What explains less than this share of the score is no reason. */
const LEAST_SHARE = 0.02;

/**
 * What drove a score, greatest share first. Features that say the same to a person are one reason, named after the one of them that
 * contributes most. Features that are unremarkable alone come in only where nothing stands out.
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

  const reasons = new Map<string, Reason>();
  const ranked = names
    .map((feature, column) => ({ feature, share: shares[column]! / total, deviation: deviations[column]! }))
    .sort((a, b) => b.share - a.share);
  for (const { feature, share, deviation } of ranked) {
    const description = describeDeviation(feature, deviation);
    const said = reasons.get(description);
    if (said) said.contribution += share;
    else reasons.set(description, { feature, contribution: share, deviation, description });
  }
  const all = [...reasons.values()].filter(({ contribution }) => contribution >= LEAST_SHARE);
  const remarkable = all.filter(({ description }) => description !== UNREMARKABLE);
  return (remarkable.length > 0 ? remarkable : all)
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, MOST_REASONS)
    .map((reason) => ({
      ...reason,
      contribution: rounded(reason.contribution),
      deviation: rounded(reason.deviation),
    }));
}

/** Four digits are more than a reviewer needs, and make the same reason the same document on every machine. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
