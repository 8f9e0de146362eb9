// What is counted over rows of float64, two values at a time. Sums are four side by side, since each addition waits for the one before.

import { sumOfLanes, toDoubleHigh, toDoubleLow } from './lanes';

/** Sum of `count` values. */
export function sum(values: usize, count: i32): f64 {
  let ab = f64x2.splat(0);
  let cd = f64x2.splat(0);
  for (const end = values + 8 * (count & ~3); values < end; values += 32) {
    ab = f64x2.add(ab, v128.load(values));
    cd = f64x2.add(cd, v128.load(values, 16));
  }
  let a = f64x2.extract_lane(ab, 0);
  for (const end = values + 8 * (count & 3); values < end; values += 8) a += load<f64>(values);
  return a + f64x2.extract_lane(ab, 1) + sumOfLanes(cd);
}

/** Sum of the products of two rows. */
export function sumOfProducts(values: usize, others: usize, count: i32): f64 {
  let ab = f64x2.splat(0);
  let cd = f64x2.splat(0);
  for (const end = values + 8 * (count & ~3); values < end; values += 32, others += 32) {
    ab = f64x2.add(ab, f64x2.mul(v128.load(values), v128.load(others)));
    cd = f64x2.add(cd, f64x2.mul(v128.load(values, 16), v128.load(others, 16)));
  }
  let a = f64x2.extract_lane(ab, 0);
  for (const end = values + 8 * (count & 3); values < end; values += 8, others += 8) {
    a += load<f64>(values) * load<f64>(others);
  }
  return a + f64x2.extract_lane(ab, 1) + sumOfLanes(cd);
}

/** Sum of the squares by which values differ from `centre`. */
export function sumOfSquares(values: usize, count: i32, centre: f64): f64 {
  const middle = f64x2.splat(centre);
  let ab = f64x2.splat(0);
  let cd = f64x2.splat(0);
  for (const end = values + 8 * (count & ~3); values < end; values += 32) {
    const first = f64x2.sub(v128.load(values), middle);
    const second = f64x2.sub(v128.load(values, 16), middle);
    ab = f64x2.add(ab, f64x2.mul(first, first));
    cd = f64x2.add(cd, f64x2.mul(second, second));
  }
  let a = f64x2.extract_lane(ab, 0);
  for (const end = values + 8 * (count & 3); values < end; values += 8) {
    const distance = load<f64>(values) - centre;
    a += distance * distance;
  }
  return a + f64x2.extract_lane(ab, 1) + sumOfLanes(cd);
}

/** Two float64 at `to`: mean and population standard deviation. */
export function meanAndStd(values: usize, count: i32, to: usize): void {
  const mean = sum(values, count) / <f64>count;
  store<f64>(to, mean);
  store<f64>(to, sqrt(sumOfSquares(values, count, mean) / <f64>count), 8);
}

/** Likewise of float32. */
export function meanAndStdOfSingles(values: usize, count: i32, to: usize): void {
  let ab = f64x2.splat(0);
  let cd = f64x2.splat(0);
  const fours = values + 4 * (count & ~3);
  const end = values + 4 * count;
  let at = values;
  for (; at < fours; at += 16) {
    const four = v128.load(at);
    ab = f64x2.add(ab, toDoubleLow(four));
    cd = f64x2.add(cd, toDoubleHigh(four));
  }
  let a = f64x2.extract_lane(ab, 0);
  for (; at < end; at += 4) a += <f64>load<f32>(at);
  const mean = (a + f64x2.extract_lane(ab, 1) + sumOfLanes(cd)) / <f64>count;
  store<f64>(to, mean);

  const middle = f64x2.splat(mean);
  ab = f64x2.splat(0);
  cd = f64x2.splat(0);
  for (at = values; at < fours; at += 16) {
    const four = v128.load(at);
    const low = f64x2.sub(toDoubleLow(four), middle);
    const high = f64x2.sub(toDoubleHigh(four), middle);
    ab = f64x2.add(ab, f64x2.mul(low, low));
    cd = f64x2.add(cd, f64x2.mul(high, high));
  }
  a = f64x2.extract_lane(ab, 0);
  for (; at < end; at += 4) {
    const distance = <f64>load<f32>(at) - mean;
    a += distance * distance;
  }
  store<f64>(to, sqrt((a + f64x2.extract_lane(ab, 1) + sumOfLanes(cd)) / <f64>count), 8);
}

/** `values` less `others`; one more value after the last may be written, as of the functions below. */
export function subtract(values: usize, others: usize, count: i32, to: usize): void {
  for (const end = to + 8 * count; to < end; to += 16, values += 16, others += 16) {
    v128.store(to, f64x2.sub(v128.load(values), v128.load(others)));
  }
}

/** `values` times `others`. */
export function multiply(values: usize, others: usize, count: i32, to: usize): void {
  for (const end = to + 8 * count; to < end; to += 16, values += 16, others += 16) {
    v128.store(to, f64x2.mul(v128.load(values), v128.load(others)));
  }
}

/** `values` less one value. */
export function shift(values: usize, less: f64, count: i32, to: usize): void {
  const two = f64x2.splat(less);
  for (const end = to + 8 * count; to < end; to += 16, values += 16) {
    v128.store(to, f64x2.sub(v128.load(values), two));
  }
}

/** The larger of each value and `least`. */
export function raise(values: usize, least: f64, count: i32, to: usize): void {
  const floor = f64x2.splat(least);
  for (const end = to + 8 * count; to < end; to += 16, values += 16) {
    v128.store(to, f64x2.pmax(floor, v128.load(values)));
  }
}

/** 0 up to `low`, 1 from it on by 1 / `slope`, straight between. */
@inline
function rampOf(values: v128, low: v128, slope: v128): v128 {
  const share = f64x2.mul(f64x2.sub(values, low), slope);
  return f64x2.pmin(f64x2.splat(1), f64x2.pmax(f64x2.splat(0), share));
}

/** How far each value is from `low` to `high`, 0 to 1. */
export function ramps(values: usize, count: i32, low: f64, high: f64, to: usize): void {
  const from = f64x2.splat(low);
  const slope = f64x2.splat(1 / (high - low));
  for (const end = to + 8 * count; to < end; to += 16, values += 16) {
    v128.store(to, rampOf(v128.load(values), from, slope));
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
