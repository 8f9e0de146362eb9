// Mel bands of four frames at a time, and their cepstra.

import { toDoubleHigh, toDoubleLow, toSingle } from './lanes';

const MEL_BANDS: usize = 128;
const CEPSTRA: usize = 20;

/**
 * Mel band powers of four spectra.
 *
 * @param filters for each band two int32: first bin and number of weights
 * @param weights the bands' float32 weights, one after the other
 * @param bands receives 128 times four float32
 */
export function melPowers(power: usize, filters: usize, weights: usize, bands: usize): void {
  for (let band: usize = 0; band < MEL_BANDS; band++) {
    let at = power + 16 * load<u32>(filters + 8 * band);
    let sum = f32x4.splat(0);
    const count = load<u32>(filters + 8 * band, 4);
    for (const end = weights + 4 * (count & ~1); weights < end; weights += 8, at += 32) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights), v128.load(at)));
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights, 4), v128.load(at, 16)));
    }
    if ((count & 1) != 0) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights), v128.load(at)));
      weights += 4;
    }
    v128.store(bands + 16 * band, sum);
  }
}

/** Largest of `count` (a multiple of four) float32. */
export function largest(values: usize, count: usize): f32 {
  let found = f32x4.splat(-Infinity);
  for (const end = values + 4 * count; values < end; values += 16) found = f32x4.pmax(found, v128.load(values));
  return max(
    max(f32x4.extract_lane(found, 0), f32x4.extract_lane(found, 1)),
    max(f32x4.extract_lane(found, 2), f32x4.extract_lane(found, 3)),
  );
}

/**
 * Cepstral coefficients of `groups` times four frames: DCT-II. Its rows are even or odd about their middle, so bands are
 * added and subtracted crosswise first, and half the products remain.
 *
 * @param bands for each group 128 times four float32 decibels
 * @param lowest decibels below this count as this
 * @param basis 20 rows of 64 float64: the rows' first halves
 * @param folded 4 KiB of work space
 * @param coefficients receives 20 rows of float32, `rowBytes` apart
 */
export function cepstra(
  bands: usize,
  groups: usize,
  lowest: f32,
  basis: usize,
  folded: usize,
  coefficients: usize,
  rowBytes: usize,
): void {
  const lowestDecibels = f32x4.splat(lowest);
  for (let group: usize = 0; group < groups; group++, bands += 16 * MEL_BANDS) {
    for (let band: usize = 0; band < MEL_BANDS / 2; band++) {
      const near = f32x4.pmax(lowestDecibels, v128.load(bands + 16 * band));
      const far = f32x4.pmax(lowestDecibels, v128.load(bands + 16 * (MEL_BANDS - 1 - band)));
      const nearLow = toDoubleLow(near);
      const nearHigh = toDoubleHigh(near);
      const farLow = toDoubleLow(far);
      const farHigh = toDoubleHigh(far);
      const at = folded + 32 * band;
      v128.store(at, f64x2.add(nearLow, farLow));
      v128.store(at, f64x2.add(nearHigh, farHigh), 16);
      v128.store(at, f64x2.sub(nearLow, farLow), 16 * MEL_BANDS);
      v128.store(at, f64x2.sub(nearHigh, farHigh), 16 * MEL_BANDS + 16);
    }
    // Rows k and k + 2 are of the same kind and share what is loaded.
    for (let four: usize = 0; four < CEPSTRA; four += 4) {
      for (let odd: usize = 0; odd < 2; odd++) {
        const k = four + odd;
        const source = folded + 16 * MEL_BANDS * odd;
        const row = basis + 4 * MEL_BANDS * k;
        let low = f64x2.splat(0);
        let high = f64x2.splat(0);
        let nextLow = f64x2.splat(0);
        let nextHigh = f64x2.splat(0);
        for (let band: usize = 0; band < MEL_BANDS / 2; band++) {
          const valueLow = v128.load(source + 32 * band);
          const valueHigh = v128.load(source + 32 * band, 16);
          const weight = v128.load64_splat(row + 8 * band);
          const nextWeight = v128.load64_splat(row + 8 * band, 8 * MEL_BANDS);
          low = f64x2.add(low, f64x2.mul(weight, valueLow));
          high = f64x2.add(high, f64x2.mul(weight, valueHigh));
          nextLow = f64x2.add(nextLow, f64x2.mul(nextWeight, valueLow));
          nextHigh = f64x2.add(nextHigh, f64x2.mul(nextWeight, valueHigh));
        }
        const at = coefficients + k * rowBytes + 16 * group;
        v128.store(at, toSingle(low, high));
        v128.store(at + 2 * rowBytes, toSingle(nextLow, nextHigh));
      }
    }
  }
}
