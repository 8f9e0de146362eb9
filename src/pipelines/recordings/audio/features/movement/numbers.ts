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

/** The value below which `share` of the values lie. */
export function quantile(values: Numbers, share: number): number {
  return quantiles(values, [share])[0]!;
}

/** The same of several shares, which ascend: what is done for one serves the next. */
export function quantiles(values: Numbers, shares: readonly number[]): number[] {
  const work = values.slice();
  let from = 0;
  return shares.map((share) => {
    const place = Math.floor(share * (work.length - 1));
    moveToPlace(work, place, from);
    from = place;
    return work[place]!;
  });
}

/** Values from `low` on are exchanged around a pivot until the one at `place` is the one of sorted values (Hoare's selection). */
function moveToPlace(work: Numbers, place: number, low: number): void {
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
}

export function sum(values: Numbers): number {
  // Four sums side by side: each addition waits for the one before it.
  let [a, b, c, d] = [0, 0, 0, 0];
  const fours = values.length & ~3;
  for (let i = 0; i < fours; i += 4) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
  }
  for (let i = fours; i < values.length; i++) a += values[i]!;
  return a + b + (c + d);
}

/** Mean weighted by weights that may all be 0: then 0. */
export function mean(weighted: number, weights: number): number {
  return weights > 1e-6 ? weighted / weights : 0;
}

/** The power of a clip's loud parts. */
export function loudPower(powers: Numbers): number {
  return Math.max(quantile(powers, LOUD_SHARE), LEAST_LOUD_POWER);
}

/** How much a frame or a step belongs to the reading: by its level in decibels below the loud parts. */
export const ACTIVE_RAMP = [-30, -20] as const;
