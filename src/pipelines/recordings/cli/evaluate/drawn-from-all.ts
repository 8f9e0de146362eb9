import { thousands } from '../../../../commands/words.js';
import type { JudgedRecording } from '../../evaluation/evaluate.js';
import { binomialCdf } from '../../evaluation/statistics/binomial.js';

/** Each side's: a note that is wrong once in a hundred reviews. */
const TAIL = 0.005;

/**
 * Says that what was drawn at random cannot all have been drawn from all of the date, as when a file has verdicts of two reviews, one of which drew
 * from what the model took for normal: the threshold is too low then. Drawn from all, the flagged ones among them are binomially distributed.
 *
 * @param drawn at random, and judged
 * @param ofDate how many results of the date lie on each side of the threshold
 * @returns undefined where chance explains the number of flagged ones
 */
export function unevenlyDrawn(
  drawn: readonly JudgedRecording[],
  { flagged, passed }: { flagged: number; passed: number },
): string | undefined {
  if (flagged === 0 || passed === 0) return undefined;
  const all = flagged + passed;
  const found = drawn.filter((recording) => recording.flagged).length;
  const atMost = (k: number): number => binomialCdf(k, drawn.length, flagged / all);
  if (atMost(found) >= TAIL && 1 - atMost(found - 1) >= TAIL) return undefined;
  return `Of the ${thousands(drawn.length)} judged results that were drawn at random ${thousands(found)} were flagged, of the date's ${thousands(all)} ${thousands(flagged)}: more than chance explains, as if not all were drawn from all of the date, or many were left unsure. The threshold does not hold then.`;
}
