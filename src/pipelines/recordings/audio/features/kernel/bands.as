// Bands of a spectrogram: how far spectra are from later ones, and bands of theirs that move together or not.

import { toDoubleHigh, toDoubleLow } from './lanes';

const MEL_BANDS: usize = 128;

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

/**
 * Mean distance of each of `count` rows of 32 float32 from the row `lag` later, by the products of both rows' weights; 0 where those are.
 *
 * @param weights a float64 a row
 */
export function spectralChange(rows: usize, weights: usize, count: i32, lag: usize): f64 {
  const later: usize = 128 * lag;
  let weighted: f64 = 0;
  let total: f64 = 0;
  for (const end = weights + 8 * count; weights < end; weights += 8, rows += 128) {
    const weight = load<f64>(weights) * load<f64>(weights + 8 * lag);
    if (weight == 0) continue;
    let sum = f32x4.splat(0);
    for (let at = rows; at < rows + 128; at += 16) {
      sum = f32x4.add(sum, f32x4.abs(f32x4.sub(v128.load(at + later), v128.load(at))));
    }
    const distance =
      f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
    total += weight;
    weighted += weight * <f64>(distance / 32);
  }
  return total > 1e-6 ? weighted / total : 0;
}

/**
 * Eight bands, each of four of the rows' 32, and the loudest of them.
 *
 * @param to receives nine rows of float64, `rowBytes` apart: the bands' means, then their largest
 */
export function wideBands(rows: usize, frames: i32, to: usize, rowBytes: usize): void {
  for (const end = rows + 128 * frames; rows < end; rows += 128, to += 8) {
    let loudest: f64 = -Infinity;
    for (let band: usize = 0; band < 8; band++) {
      const four = v128.load(rows + 16 * band);
      const two = f64x2.add(toDoubleLow(four), toDoubleHigh(four));
      const mean = (f64x2.extract_lane(two, 0) + f64x2.extract_lane(two, 1)) / 4;
      loudest = max(loudest, mean);
      store<f64>(to + band * rowBytes, mean);
    }
    store<f64>(to + 8 * rowBytes, loudest);
  }
}
