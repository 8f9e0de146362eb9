type Numbers = Float32Array | Float64Array;

/** What lies this far below the loud parts or further counts as this far. */
export const RANGE_DB = 60;
/** The loud parts: so large a share of a clip is quieter. */
const LOUD_SHARE = 0.95;
/** Power of a clip without sound, so that nothing is divided by 0. */
const LEAST_LOUD_POWER = 1e-10;

/** 0 up to `low`, 1 from `high`, straight between. */
export function ramp(value: number, low: number, high: number): number {
  const share = (value - low) / (high - low);
  return share < 0 ? 0 : share > 1 ? 1 : share;
}

export function ramps(values: Numbers, low: number, high: number): Float64Array {
  const shares = new Float64Array(values.length);
  for (let i = 0; i < shares.length; i++) shares[i] = ramp(values[i]!, low, high);
  return shares;
}

/** Of sorted values the one below which `share` of them lie. */
export function ofSorted(sorted: Numbers, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))]!;
}

/** The same of values in any order: parts around a pivot are exchanged until the place is found (Hoare's selection). */
export function quantile(values: Numbers, share: number): number {
  const work = values.slice();
  const place = Math.floor(share * (work.length - 1));
  let low = 0;
  let high = work.length - 1;
  while (low < high) {
    const pivot = work[(low + high) >> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (work[left]! < pivot) left++;
      while (work[right]! > pivot) right--;
      if (left > right) break;
      const exchanged = work[left]!;
      work[left++] = work[right]!;
      work[right--] = exchanged;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return work[place]!;
}

export function sum(values: Numbers): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** Mean weighted by weights that may all be 0: then 0. */
export function mean(weighted: number, weights: number): number {
  return weights > 1e-6 ? weighted / weights : 0;
}

/** The power of a clip's loud parts. */
export function loudPower(powers: Numbers): number {
  return Math.max(quantile(powers, LOUD_SHARE), LEAST_LOUD_POWER);
}

/** Decibels relative to the loud parts, down to `-rangeDb`. */
export function relativeDecibels(powers: Numbers, loud: number, rangeDb = RANGE_DB): Float64Array {
  const floor = loud * 10 ** (-rangeDb / 10);
  const reference = 10 * Math.log10(loud + floor);
  const levels = new Float64Array(powers.length);
  for (let i = 0; i < levels.length; i++) levels[i] = 10 * Math.log10(powers[i]! + floor) - reference;
  return levels;
}

/** How much a frame or a step belongs to the reading: by its level in decibels below the loud parts. */
export function activity(levels: Numbers): Float64Array {
  return ramps(levels, -30, -20);
}
