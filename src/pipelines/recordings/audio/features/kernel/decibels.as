// Decibels.

import { toDoubleHigh, toDoubleLow, toSingle } from './lanes';

// V8 makes a constant of two equal numbers anew, in three instructions, wherever a loop uses it. What is read from memory before the
// loop stays in a register or on the stack.

/** Where the constants lie, each twice. */
export let constants: usize = 0;

/** @param room of 208 bytes for the constants, which stays */
export function keepDecibelConstants(room: usize): void {
  constants = room;
  // From the bits of the square root of 1/2 up, with one added to the exponent for each doubling; 1024 above.
  v128.store(room, i64x2.splat(0x0019_5f61_9980_c432));
  v128.store(room, i64x2.splat(<i64>0xfff0_0000_0000_0000), 16);
  v128.store(room, i64x2.splat(0x4000_0000_0000_0000), 32);
  v128.store(room, i64x2.splat(0x4330_0000_0000_0000), 48);
  v128.store(room, f64x2.splat(4503599627370496.0 + 1024.0), 64);
  v128.store(room, f64x2.splat(1.0), 80);
  v128.store(room, f64x2.splat(1.0 / 11.0), 96);
  v128.store(room, f64x2.splat(1.0 / 9.0), 112);
  v128.store(room, f64x2.splat(1.0 / 7.0), 128);
  v128.store(room, f64x2.splat(1.0 / 5.0), 144);
  v128.store(room, f64x2.splat(1.0 / 3.0), 160);
  // 20 / ln 10
  v128.store(room, f64x2.splat(8.685889638065037), 176);
  // 10 log10(2)
  v128.store(room, f64x2.splat(3.010299956639812), 192);
}

/**
 * 10 log10 of two positive doubles, to eleven digits: 2 artanh(t) with t = (m - 1) / (m + 1), |t| < 0.172.
 *
 * @param table the constants' place
 */
@inline
export function decibelsOfDoubles(value: v128, table: usize): v128 {
  const above = i64x2.add(value, v128.load(table));
  // The exponent lands in the mantissa of 2^52.
  const raw = v128.or(i64x2.shr_u(above, 52), v128.load(table, 48));
  const exponent = f64x2.sub(raw, v128.load(table, 64));
  const m = i64x2.sub(i64x2.add(value, v128.load(table, 32)), v128.and(above, v128.load(table, 16)));
  const one = v128.load(table, 80);
  const t = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const t2 = f64x2.mul(t, t);
  let series = v128.load(table, 96);
  series = f64x2.add(f64x2.mul(series, t2), v128.load(table, 112));
  series = f64x2.add(f64x2.mul(series, t2), v128.load(table, 128));
  series = f64x2.add(f64x2.mul(series, t2), v128.load(table, 144));
  series = f64x2.add(f64x2.mul(series, t2), v128.load(table, 160));
  series = f64x2.add(f64x2.mul(series, t2), one);
  const mantissaPart = f64x2.mul(f64x2.mul(series, t), v128.load(table, 176));
  return f64x2.add(f64x2.mul(exponent, v128.load(table, 192)), mantissaPart);
}

/** Decibels of `count` (a multiple of four) float32 powers, in place; what is below 1e-10 counts as 1e-10. */
export function toDecibels(values: usize, count: usize): void {
  const table = constants;
  const powerFloor = f32x4.splat(1e-10);
  for (const end = values + 4 * count; values < end; values += 16) {
    const power = f32x4.pmax(powerFloor, v128.load(values));
    v128.store(values, toSingle(decibelsOfDoubles(toDoubleLow(power), table), decibelsOfDoubles(toDoubleHigh(power), table)));
  }
}

/**
 * Decibels of `count` float64 powers, each raised by `floor`, less `reference` decibels.
 * One more value after the last may be written.
 */
export function relativeDecibels(powers: usize, count: i32, floor: f64, reference: f64, to: usize): void {
  const table = constants;
  const raised = f64x2.splat(floor);
  const less = f64x2.splat(reference);
  for (const end = to + 8 * count; to < end; to += 16, powers += 16) {
    v128.store(to, f64x2.sub(decibelsOfDoubles(f64x2.add(v128.load(powers), raised), table), less));
  }
}

/** Decibels of `count` float64 over the divisors, both raised by `floor`; one more value after the last may be written. */
export function decibelRatios(values: usize, divisors: usize, count: i32, floor: f64, to: usize): void {
  const table = constants;
  const raised = f64x2.splat(floor);
  for (const end = to + 8 * count; to < end; to += 16, values += 16, divisors += 16) {
    const ratio = f64x2.div(f64x2.add(v128.load(values), raised), f64x2.add(v128.load(divisors), raised));
    v128.store(to, decibelsOfDoubles(ratio, table));
  }
}
