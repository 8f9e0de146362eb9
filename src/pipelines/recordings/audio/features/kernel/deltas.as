// Slopes of rows over time.

import { toDoubleHigh, toDoubleLow, toSingle } from './lanes';

/** Frames on each side of the one whose slope is taken. */
const REACH: i32 = 4;
/** Sum of the squares of -4 to 4: the least-squares slope's denominator. */
const SQUARES: f64 = 60;

/**
 * Slopes of `frames` float32: a Savitzky-Golay filter of width 9 and order 1.
 *
 * The first and last four frames take the line fitted to the first and last nine (scipy's `interp`); clips of fewer than nine frames
 * repeat their edge frames instead (`nearest`). Up to three more values after the last may be written.
 */
export function deltas(values: usize, frames: i32, slopes: usize): void {
  const interpolates = frames > 2 * REACH;
  for (let frame = REACH; frame < frames - REACH; frame += 4) {
    const at = values + 4 * <usize>frame;
    const low = slopesOf(
      differenceLow(at, 4),
      differenceLow(at, 8),
      differenceLow(at, 12),
      differenceLow(at, 16),
    );
    const high = slopesOf(
      differenceHigh(at, 4),
      differenceHigh(at, 8),
      differenceHigh(at, 12),
      differenceHigh(at, 16),
    );
    v128.store(slopes + 4 * <usize>frame, toSingle(low, high));
  }
  for (let frame = 0; frame < frames; frame++) {
    // The frames between have all their neighbours.
    if (frame == REACH && interpolates) frame = frames - REACH;
    const centre = interpolates ? clamp(frame, REACH, frames - 1 - REACH) : frame;
    let sum: f64 = 0;
    for (let k = 1; k <= REACH; k++) {
      const after = <f64>load<f32>(values + 4 * <usize>clamp(centre + k, 0, frames - 1));
      const before = <f64>load<f32>(values + 4 * <usize>clamp(centre - k, 0, frames - 1));
      sum += <f64>k * (after - before);
    }
    store<f32>(slopes + 4 * <usize>frame, <f32>(sum / SQUARES));
  }
}

@inline
function differenceLow(at: usize, bytes: usize): v128 {
  return f64x2.sub(toDoubleLow(v128.load(at + bytes)), toDoubleLow(v128.load(at - bytes)));
}

@inline
function differenceHigh(at: usize, bytes: usize): v128 {
  return f64x2.sub(toDoubleHigh(v128.load(at + bytes)), toDoubleHigh(v128.load(at - bytes)));
}

@inline
function slopesOf(one: v128, two: v128, three: v128, four: v128): v128 {
  const oneTwo = f64x2.add(one, f64x2.mul(f64x2.splat(2), two));
  const oneTwoThree = f64x2.add(oneTwo, f64x2.mul(f64x2.splat(3), three));
  return f64x2.div(f64x2.add(oneTwoThree, f64x2.mul(f64x2.splat(4), four)), f64x2.splat(SQUARES));
}

@inline
function clamp(value: i32, low: i32, high: i32): i32 {
  return min(max(value, low), high);
}
