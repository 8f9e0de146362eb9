// Levels of hops, of their steps, and of frames.

import { sumOfLanes, toDoubleHigh, toDoubleLow } from './lanes';

/** Samples this large count as at full scale. */
const FULL_SCALE: f32 = 0.99;
/** Samples above this are not below zero, as zero crossings see them. */
const NEGATIVE: f32 = -1e-10;

/**
 * Levels of `hops` hops of 512 samples, and of their steps of 128; the two samples before the first are read too.
 *
 * @param energies receives a float64 a hop: sum of squares
 * @param crossings receives two int32 a hop: samples whose sign is not that of the sample before, and whether the first is one
 * @param levels receives, four times a hop, five rows of float64 that are `rowBytes` apart: mean square, mean square of the second
 * difference, the latter's largest square, largest and smallest sample
 * @returns samples at full scale
 */
export function sampleLevels(
  samples: usize,
  hops: usize,
  energies: usize,
  crossings: usize,
  levels: usize,
  rowBytes: usize,
): i32 {
  const negative = f32x4.splat(NEGATIVE);
  let clipped = 0;
  for (let hop: usize = 0; hop < hops; hop++) {
    let energy: f64 = 0;
    let crossed = i32x4.splat(0);
    const startsNegative = load<f32>(samples) < NEGATIVE;
    store<i32>(crossings + 8 * hop, <i32>(startsNegative != load<f32>(samples - 4) < NEGATIVE), 4);
    for (let step = 0; step < 4; step++, levels += 8) {
      let squares = f64x2.splat(0);
      let sharp = f64x2.splat(0);
      let sharpest = f32x4.splat(0);
      let top = f32x4.splat(-Infinity);
      let bottom = f32x4.splat(Infinity);
      for (const end = samples + 4 * 128; samples < end; ) {
        // Eight values a lane are summed in single precision before they join a sum in double.
        let someSquares = f32x4.splat(0);
        let someSharp = f32x4.splat(0);
        for (const someEnd = samples + 4 * 32; samples < someEnd; samples += 16) {
          const value = v128.load(samples);
          const before = v128.load(samples - 4);
          const second = f32x4.add(f32x4.sub(value, f32x4.add(before, before)), v128.load(samples - 8));
          someSquares = f32x4.add(someSquares, f32x4.mul(value, value));
          someSharp = f32x4.add(someSharp, f32x4.mul(second, second));
          sharpest = f32x4.pmax(sharpest, f32x4.abs(second));
          top = f32x4.pmax(top, value);
          bottom = f32x4.pmin(bottom, value);
          crossed = i32x4.sub(crossed, v128.xor(f32x4.lt(value, negative), f32x4.lt(before, negative)));
        }
        squares = f64x2.add(squares, f64x2.add(toDoubleLow(someSquares), toDoubleHigh(someSquares)));
        sharp = f64x2.add(sharp, f64x2.add(toDoubleLow(someSharp), toDoubleHigh(someSharp)));
      }
      const sumOfSquares = sumOfLanes(squares);
      const most = <f64>largestOfLanes(sharpest);
      const highest = largestOfLanes(top);
      const lowest = -largestOfLanes(f32x4.neg(bottom));
      energy += sumOfSquares;
      store<f64>(levels, sumOfSquares / 128);
      store<f64>(levels + rowBytes, sumOfLanes(sharp) / 128);
      store<f64>(levels + 2 * rowBytes, most * most);
      store<f64>(levels + 3 * rowBytes, <f64>highest);
      store<f64>(levels + 4 * rowBytes, <f64>lowest);
      if (max(highest, -lowest) >= FULL_SCALE) clipped += countFullScale(samples - 4 * 128);
    }
    store<f64>(energies + 8 * hop, energy);
    store<i32>(crossings + 8 * hop, countOfLanes(crossed));
  }
  return clipped;
}

function countFullScale(samples: usize): i32 {
  let clipped = i32x4.splat(0);
  for (const end = samples + 4 * 128; samples < end; samples += 16) {
    clipped = i32x4.sub(clipped, f32x4.ge(f32x4.abs(v128.load(samples)), f32x4.splat(FULL_SCALE)));
  }
  return countOfLanes(clipped);
}

@inline
function countOfLanes(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
  );
}

@inline
function largestOfLanes(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/**
 * Levels of frames: four neighbouring hops make one, from two before on. Outside the clip there are neither energies nor crossings.
 *
 * @param rms receives a float32 a frame: root mean square
 * @param rates receives a float64 a frame: the share of samples whose sign is not that of the one before
 */
export function frameLevels(energies: usize, crossings: usize, hops: i32, frames: i32, rms: usize, rates: usize): void {
  for (let frame = 0; frame < frames; frame++, rms += 4, rates += 8) {
    const first = frame - 2;
    let energy: f64 = 0;
    let count = 0;
    for (let hop = max(0, first); hop < min(hops, first + 4); hop++) {
      energy += load<f64>(energies + 8 * <usize>hop);
      count += load<i32>(crossings + 8 * <usize>hop);
    }
    // A frame's own first sample has no predecessor in it.
    if (first > 0 && first < hops) count -= load<i32>(crossings + 8 * <usize>first, 4);
    store<f32>(rms, <f32>sqrt(energy / 2048));
    store<f64>(rates, <f64>count / 2048);
  }
}

/** Share of `count` float32 that lie 40 dB below the largest; where none is above 0, all do. */
export function silentShare(rms: usize, count: i32): f64 {
  const end = rms + 4 * count;
  let peak: f32 = 0;
  for (let at = rms; at < end; at += 4) peak = max(peak, load<f32>(at));
  if (peak <= 0) return 1;
  const limit = <f64>peak * 0.01;
  let silent = 0;
  for (let at = rms; at < end; at += 4) silent += <i32>(<f64>load<f32>(at) < limit);
  return <f64>silent / <f64>count;
}

/** `count` float32, squared as float64. */
export function squares(values: usize, count: i32, to: usize): void {
  for (const end = values + 4 * count; values < end; values += 4, to += 8) {
    const value = <f64>load<f32>(values);
    store<f64>(to, value * value);
  }
}
