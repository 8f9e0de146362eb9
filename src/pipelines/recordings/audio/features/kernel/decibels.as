// Decibels.

import { toDoubleHigh, toDoubleLow, toSingle } from './lanes';

/** 10 log10 of two positive doubles, to eleven digits: 2 artanh(t) with t = (m - 1) / (m + 1), |t| < 0.172. */
@inline
export function decibelsOfDoubles(value: v128): v128 {
  // The exponent lands in the mantissa of 2^52.
  const raw = v128.or(i64x2.shr_u(value, 52), i64x2.splat(0x4330000000000000));
  let exponent = f64x2.sub(raw, f64x2.splat(4503599627370496.0 + 1023.0));
  let m = v128.or(v128.and(value, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const above = f64x2.gt(m, f64x2.splat(1.4142135623730951));
  m = v128.bitselect(f64x2.mul(m, f64x2.splat(0.5)), m, above);
  exponent = f64x2.add(exponent, v128.and(above, f64x2.splat(1)));
  const t = f64x2.div(f64x2.sub(m, f64x2.splat(1)), f64x2.add(m, f64x2.splat(1)));
  const t2 = f64x2.mul(t, t);
  let series = f64x2.splat(1.0 / 11.0);
  series = f64x2.add(f64x2.mul(series, t2), f64x2.splat(1.0 / 9.0));
  series = f64x2.add(f64x2.mul(series, t2), f64x2.splat(1.0 / 7.0));
  series = f64x2.add(f64x2.mul(series, t2), f64x2.splat(1.0 / 5.0));
  series = f64x2.add(f64x2.mul(series, t2), f64x2.splat(1.0 / 3.0));
  series = f64x2.add(f64x2.mul(series, t2), f64x2.splat(1.0));
  // 20 / ln 10 and 10 log10(2)
  const mantissaPart = f64x2.mul(f64x2.mul(series, t), f64x2.splat(8.685889638065037));
  return f64x2.add(f64x2.mul(exponent, f64x2.splat(3.010299956639812)), mantissaPart);
}

/** Decibels of `count` (a multiple of four) float32 powers, in place; what is below 1e-10 counts as 1e-10. */
export function toDecibels(values: usize, count: usize): void {
  const powerFloor = f32x4.splat(1e-10);
  for (const end = values + 4 * count; values < end; values += 16) {
    const power = f32x4.pmax(powerFloor, v128.load(values));
    v128.store(values, toSingle(decibelsOfDoubles(toDoubleLow(power)), decibelsOfDoubles(toDoubleHigh(power))));
  }
}

/**
 * Decibels of `count` float64 powers, each raised by `floor`, less `reference` decibels.
 * One more value after the last may be written.
 */
export function relativeDecibels(powers: usize, count: i32, floor: f64, reference: f64, to: usize): void {
  const raised = f64x2.splat(floor);
  const less = f64x2.splat(reference);
  for (const end = to + 8 * count; to < end; to += 16, powers += 16) {
    v128.store(to, f64x2.sub(decibelsOfDoubles(f64x2.add(v128.load(powers), raised)), less));
  }
}

/** Decibels of `count` float64 over the divisors, both raised by `floor`; one more value after the last may be written. */
export function decibelRatios(values: usize, divisors: usize, count: i32, floor: f64, to: usize): void {
  const raised = f64x2.splat(floor);
  for (const end = to + 8 * count; to < end; to += 16, values += 16, divisors += 16) {
    const ratio = f64x2.div(f64x2.add(v128.load(values), raised), f64x2.add(v128.load(divisors), raised));
    v128.store(to, decibelsOfDoubles(ratio));
  }
}
