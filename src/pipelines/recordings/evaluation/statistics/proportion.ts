import { Z_95, type Estimate } from './estimate.js';

/** A share of counted things: `found` of `of`. */
export interface Proportion extends Estimate {
  found: number;
  of: number;
}

/**
 * A proportion with Wilson's score interval, which holds its level for few observations and for shares of 0 and 1.
 * E. B. Wilson, JASA 22 (1927) 209-212; R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, method 3.
 *
 * @param found how many of `of`, both whole numbers
 * @param z half-width in standard deviations @default two-sided 95 %
 * @returns null where nothing was observed
 */
export function proportion(found: number, of: number, z = Z_95): Proportion | null {
  if (of === 0) return null;
  const value = found / of;
  const middle = value + z ** 2 / (2 * of);
  const half = z * Math.sqrt((value * (1 - value)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return {
    found,
    of,
    value,
    // Rounding must not put an end on the wrong side of a share of 0 or 1.
    low: found === 0 ? 0 : Math.max(0, (middle - half) / scale),
    high: found === of ? 1 : Math.min(1, (middle + half) / scale),
  };
}
