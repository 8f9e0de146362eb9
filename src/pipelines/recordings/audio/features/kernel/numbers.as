// Sums over a clip's steps, in double precision, two steps at a time.

@inline
function sumOfLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** 0 up to `low`, 1 from it on by 1 / `slope`, straight between. */
@inline
function rampOf(values: v128, low: v128, slope: v128): v128 {
  const share = f64x2.mul(f64x2.sub(values, low), slope);
  return f64x2.pmin(f64x2.splat(1), f64x2.pmax(f64x2.splat(0), share));
}

/** In place: how far each of `count` float64 is from `low` to `high`, 0 to 1; one more value after the last may be written. */
export function ramps(values: usize, count: i32, low: f64, high: f64): void {
  const from = f64x2.splat(low);
  const slope = f64x2.splat(1 / (high - low));
  for (const end = values + 8 * count; values < end; values += 16) {
    v128.store(values, rampOf(v128.load(values), from, slope));
  }
}

/** Sum of the same. */
export function rampSum(values: usize, count: i32, low: f64, high: f64): f64 {
  const from = f64x2.splat(low);
  const slope = f64x2.splat(1 / (high - low));
  let sum = f64x2.splat(0);
  for (const end = values + 8 * (count & ~1); values < end; values += 16) {
    sum = f64x2.add(sum, rampOf(v128.load(values), from, slope));
  }
  const total = sumOfLanes(sum);
  if ((count & 1) == 0) return total;
  return total + f64x2.extract_lane(rampOf(v128.load64_zero(values), from, slope), 0);
}

/** Sum of the squares by which `count` float64 differ from those `lag` later. */
export function squaredChanges(values: usize, count: i32, lag: i32): f64 {
  const later: usize = 8 * lag;
  let sum = f64x2.splat(0);
  for (const end = values + 8 * (count & ~1); values < end; values += 16) {
    const change = f64x2.sub(v128.load(values + later), v128.load(values));
    sum = f64x2.add(sum, f64x2.mul(change, change));
  }
  const total = sumOfLanes(sum);
  if ((count & 1) == 0) return total;
  const change = load<f64>(values + later) - load<f64>(values);
  return total + change * change;
}

/** Mean of the sizes of the same changes, by the products of both values' weights; 0 where those are. */
export function weightedChanges(values: usize, weights: usize, count: i32, lag: i32): f64 {
  const later: usize = 8 * lag;
  let weighted = f64x2.splat(0);
  let total = f64x2.splat(0);
  for (const end = values + 8 * (count & ~1); values < end; values += 16, weights += 16) {
    const weight = f64x2.mul(v128.load(weights), v128.load(weights + later));
    const change = f64x2.abs(f64x2.sub(v128.load(values + later), v128.load(values)));
    total = f64x2.add(total, weight);
    weighted = f64x2.add(weighted, f64x2.mul(weight, change));
  }
  let weightSum = sumOfLanes(total);
  let sum = sumOfLanes(weighted);
  if ((count & 1) != 0) {
    const weight = load<f64>(weights) * load<f64>(weights + later);
    weightSum += weight;
    sum += weight * abs(load<f64>(values + later) - load<f64>(values));
  }
  return weightSum > 1e-6 ? sum / weightSum : 0;
}
