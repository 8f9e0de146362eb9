import type { Reason } from '../contract/result-document.js';
import { impressionOf, UNREMARKABLE, type Impression } from './feature-words.js';

/** A reviewer reads a few; what follows them explains little. */
const MOST_REASONS = 3;

/** What explains less than this share of the score is no reason. */
const LEAST_SHARE = 0.02;

/**
 * What drove a score, greatest share first. Features that say the same to a person are one reason, named after the one of them that
 * contributes most; of two that say the contrary (a change that is quicker within one span of time and slower within another), the greater is
 * told. Features that are unremarkable alone come in only where nothing stands out.
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

  const heard = new Map<string, Reason & { contrary: Impression['contrary'] }>();
  const ranked = names
    .map((feature, column) => ({ feature, share: shares[column]! / total, deviation: deviations[column]! }))
    .sort((a, b) => b.share - a.share);
  for (const { feature, share, deviation } of ranked) {
    const { description, says, contrary } = impressionOf(feature, deviation);
    const same = heard.get(says);
    if (same) same.contribution += share;
    else heard.set(says, { feature, contribution: share, deviation, description, contrary });
  }
  const reasons = [...heard].filter(
    ([says, { contribution, contrary }]) =>
      contribution >= LEAST_SHARE &&
      (contrary === says || contribution >= (heard.get(contrary)?.contribution ?? 0)),
  );
  const remarkable = reasons.filter(([says]) => says !== UNREMARKABLE);
  return (remarkable.length > 0 ? remarkable : reasons)
    .map(([, reason]) => reason)
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, MOST_REASONS)
    .map(({ feature, contribution, deviation, description }) => ({
      feature,
      contribution: rounded(contribution),
      deviation: rounded(deviation),
      description,
    }));
}

/** Four digits are more than a reviewer needs, and make the same reason the same document on every machine. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
