import type { Spread } from '../../contract/measure.js';

/** A value, and the seconds that it stands for. */
export interface Weighted {
  value: number;
  seconds: number;
}

const LOW = 0.05;
const HIGH = 0.95;

/** @param digits behind the point */
export function spreadOf(values: readonly Weighted[], digits: number): Spread {
  const sorted = ascending(values);
  const at = (share: number): number | null => {
    const value = quantile(sorted, share);
    return value === undefined ? null : rounded(value, digits);
  };
  return { median: at(0.5), low: at(LOW), high: at(HIGH) };
}

/** Undefined without values. */
export function medianOf(values: readonly Weighted[]): number | undefined {
  return quantile(ascending(values), 0.5);
}

/** Never -0, which JSON would turn into 0 and a comparison of results would not. */
export function rounded(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor + 0;
}

/** Zero of zero is nothing to speak of. */
export function ratioOf(part: number, whole: number): number | null {
  return whole > 0 ? rounded(Math.min(1, part / whole), 4) : null;
}

function ascending(values: readonly Weighted[]): Weighted[] {
  return [...values].sort((one, other) => one.value - other.value);
}

/** The first value with at least that share of the seconds up to it. */
function quantile(sorted: readonly Weighted[], share: number): number | undefined {
  const total = sorted.reduce((sum, { seconds }) => sum + seconds, 0);
  let sum = 0;
  return (sorted.find(({ seconds }) => (sum += seconds) >= share * total) ?? sorted.at(-1))?.value;
}
