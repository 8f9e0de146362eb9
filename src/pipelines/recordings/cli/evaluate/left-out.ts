import { thousands } from '../../../../commands/words.js';

/**
 * `Left out: 3 unsure, 1 without a result on this date.`
 *
 * @param counts by why; those of none are not told
 */
export function leftOutLines(counts: Readonly<Record<string, number | undefined>>): string[] {
  const left = Object.entries(counts).flatMap(([why, number]) =>
    number ? [`${thousands(number)} ${why}`] : [],
  );
  return left.length > 0 ? [`Left out: ${left.join(', ')}.`] : [];
}
