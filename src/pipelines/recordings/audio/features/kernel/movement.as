// How a recording moves: levels of short steps of time, and how far spectra are from later ones.

import { toDoubleHigh, toDoubleLow } from './lanes';

const MEL_BANDS: usize = 128;
/** Samples this large count as at full scale. */
const FULL_SCALE: f32 = 0.99;

/**
 * Levels of `hops` hops of 512 samples, and of their steps of 128; the two samples before the first are read too.
 *
 * @param energies receives a float64 a hop: sum of squares
 * @param crossings receives an int32 a hop: samples whose sign is not that of the sample before
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
  const negative = f32x4.splat(-1e-10);
  let clipped = 0;
  for (let hop: usize = 0; hop < hops; hop++) {
    let energy: f64 = 0;
    let crossed = i32x4.splat(0);
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
    store<i32>(crossings + 4 * hop, countOfLanes(crossed));
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
function sumOfLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

@inline
function largestOfLanes(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/**
 * Means of every four neighbouring mel bands, what lies below `lowest` counting as that.
 *
 * @param bands 128 times four float32 decibels a group of frames
 * @param rows receives 32 float32 a frame
 */
export function bandMeans(bands: usize, groups: usize, lowest: f32, rows: usize): void {
  const floor = f32x4.splat(lowest);
  for (let group: usize = 0; group < groups; group++, rows += 4 * 128) {
    for (let band: usize = 0; band < MEL_BANDS / 4; band++, bands += 64) {
      const first = f32x4.add(f32x4.pmax(floor, v128.load(bands)), f32x4.pmax(floor, v128.load(bands, 16)));
      const last = f32x4.add(f32x4.pmax(floor, v128.load(bands, 32)), f32x4.pmax(floor, v128.load(bands, 48)));
      const mean = f32x4.mul(f32x4.add(first, last), f32x4.splat(0.25));
      const at = rows + 4 * band;
      v128.store32_lane(at, mean, 0);
      v128.store32_lane(at, mean, 1, 128);
      v128.store32_lane(at, mean, 2, 256);
      v128.store32_lane(at, mean, 3, 384);
    }
  }
}

/** Mean distance of each of `count` rows of 32 float32 from the row `lag` later; `distances` receives a float32 a row. */
export function rowDistances(rows: usize, count: usize, lag: usize, distances: usize): void {
  const later = 128 * lag;
  for (const end = rows + 128 * count; rows < end; distances += 4) {
    let sum = f32x4.splat(0);
    for (const rowEnd = rows + 128; rows < rowEnd; rows += 16) {
      sum = f32x4.add(sum, f32x4.abs(f32x4.sub(v128.load(rows + later), v128.load(rows))));
    }
    const total =
      f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
    store<f32>(distances, total / 32);
  }
}

/**
 * In place: value i becomes the largest of `width` neighbours from i on.
 *
 * @param values `count` float64
 * @returns how many windows lie wholly inside
 */
export function slideMax(values: usize, count: i32, width: i32): i32 {
  let length = count;
  for (let done = 1; done < width; ) {
    const step = min(done, width - done);
    length -= step;
    let at = values;
    const later: usize = 8 * step;
    for (const end = at + 8 * (length & ~1); at < end; at += 16) {
      v128.store(at, f64x2.pmax(v128.load(at), v128.load(at + later)));
    }
    if (length & 1) store<f64>(at, load<f64>(at + later) > load<f64>(at) ? load<f64>(at + later) : load<f64>(at));
    done += step;
  }
  return length;
}

/** Likewise the smallest. */
export function slideMin(values: usize, count: i32, width: i32): i32 {
  let length = count;
  for (let done = 1; done < width; ) {
    const step = min(done, width - done);
    length -= step;
    let at = values;
    const later: usize = 8 * step;
    for (const end = at + 8 * (length & ~1); at < end; at += 16) {
      v128.store(at, f64x2.pmin(v128.load(at), v128.load(at + later)));
    }
    if (length & 1) store<f64>(at, load<f64>(at + later) < load<f64>(at) ? load<f64>(at + later) : load<f64>(at));
    done += step;
  }
  return length;
}
