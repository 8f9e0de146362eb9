// The arithmetic that features spend their time on, for WebAssembly's 128-bit vectors. AssemblyScript; `node
// scripts/build-kernel.mjs` compiles it to kernel-binary.ts. It allocates nothing: the caller lays out the memory.
//
// Frames are worked on in groups of four, one a lane: value i of four frames lies in 16 bytes at 16 * i. So every
// operation serves four frames (two in double precision), nothing is shuffled, and sums over a frame keep their order.

import { toDoubleHigh, toDoubleLow, toSingle } from './lanes';

export { contrastExtremes } from './contrast';
export { decibelRatios, relativeDecibels, toDecibels } from './decibels';
export { bandMeans, rowDistances, sampleLevels, slideMax, slideMin } from './movement';
export { rampSum, ramps, squaredChanges, weightedChanges } from './numbers';
export { collectMagnitudes, findPitches } from './pitch';
export { powerSpectra } from './spectrum';

const BINS: usize = 1025;
const MEL_BANDS: usize = 128;
const CEPSTRA: usize = 20;
/** Bins that are summed in single precision before they join a sum in double, or multiplied before they are normalised. */
const BLOCK: usize = 32;
const BLOCKS: usize = 33;

/**
 * How many bins have a cumulative sum below the threshold.
 *
 * @param cumulative sums before each block, and of all
 */
function binsBelow(threshold: v128, magnitudes: usize, cumulative: usize): v128 {
  let below = i32x4.splat(0);
  for (let start: usize = 0; start < BINS; start += BLOCK, cumulative += 16) {
    const end = min(BINS, start + BLOCK);
    const isBelow = f32x4.lt(v128.load(cumulative, 16), threshold);
    let running = v128.load(cumulative);
    // Sums ascend, so that only blocks in which one passes its threshold need a closer look.
    if (!v128.any_true(v128.xor(isBelow, f32x4.lt(running, threshold)))) {
      below = i32x4.add(below, v128.and(isBelow, i32x4.splat(<i32>(end - start))));
      continue;
    }
    for (let bin: usize = start; bin < end; bin++) {
      running = f32x4.add(running, v128.load(magnitudes + 16 * bin));
      below = i32x4.sub(below, f32x4.lt(running, threshold));
    }
  }
  return below;
}

/**
 * Magnitudes and shapes of four spectra.
 *
 * @param power 1025 times four float32
 * @param frequencies 1025 float32, hertz
 * @param cumulative 34 times 16 bytes of work space
 * @param magnitudes receives 1025 times four float32
 * @param shapes receives six times four: centroid, bandwidth (float32, hertz), roll-off (int32, bin), then what flatness is made of:
 * sum of the floored powers (float32), their product as mantissa (float32) and exponent (int32)
 */
export function spectralShapes(
  power: usize,
  frequencies: usize,
  cumulative: usize,
  magnitudes: usize,
  shapes: usize,
): void {
  const powerFloor = f32x4.splat(1e-10);
  const mantissaBits = i32x4.splat(0x007fffff);
  const one = i32x4.splat(0x3f800000);
  const bias = i32x4.splat(127);
  const zero = f64x2.splat(0);

  let totalLow = zero;
  let totalHigh = zero;
  let weightedLow = zero;
  let weightedHigh = zero;
  let powerLow = zero;
  let powerHigh = zero;
  // numpy's cumulative sum adds in single precision, and the roll-off's bin depends on it.
  let running = zero;
  let mantissa = one;
  let exponent = zero;
  for (let start: usize = 0; start < BINS; start += BLOCK) {
    const end = min(BINS, start + BLOCK);
    let total = zero;
    let weighted = zero;
    let powers = zero;
    v128.store(cumulative, running);
    cumulative += 16;
    for (let bin: usize = start; bin < end; bin += 2) {
      const value = v128.load(power + 16 * bin);
      const magnitude = f32x4.sqrt(value);
      v128.store(magnitudes + 16 * bin, magnitude);
      running = f32x4.add(running, magnitude);
      total = f32x4.add(total, magnitude);
      weighted = f32x4.add(weighted, f32x4.mul(magnitude, v128.load32_splat(frequencies + 4 * bin)));
      let product = f32x4.pmax(powerFloor, value);
      powers = f32x4.add(powers, product);
      // The last bin stands alone.
      if (bin + 1 < end) {
        const next = v128.load(power + 16 * bin, 16);
        const nextMagnitude = f32x4.sqrt(next);
        v128.store(magnitudes + 16 * bin, nextMagnitude, 16);
        running = f32x4.add(running, nextMagnitude);
        total = f32x4.add(total, nextMagnitude);
        weighted = f32x4.add(weighted, f32x4.mul(nextMagnitude, v128.load32_splat(frequencies + 4 * bin, 4)));
        const floored = f32x4.pmax(powerFloor, next);
        powers = f32x4.add(powers, floored);
        product = f32x4.mul(product, floored);
      }
      exponent = i32x4.add(exponent, i32x4.sub(i32x4.shr_u(product, 23), bias));
      mantissa = f32x4.mul(mantissa, v128.or(v128.and(product, mantissaBits), one));
    }
    exponent = i32x4.add(exponent, i32x4.sub(i32x4.shr_u(mantissa, 23), bias));
    mantissa = v128.or(v128.and(mantissa, mantissaBits), one);
    totalLow = f64x2.add(totalLow, toDoubleLow(total));
    totalHigh = f64x2.add(totalHigh, toDoubleHigh(total));
    weightedLow = f64x2.add(weightedLow, toDoubleLow(weighted));
    weightedHigh = f64x2.add(weightedHigh, toDoubleHigh(weighted));
    powerLow = f64x2.add(powerLow, toDoubleLow(powers));
    powerHigh = f64x2.add(powerHigh, toDoubleHigh(powers));
  }
  // Where there is no sound, 0 / 0 becomes 0.
  const soundLow = f64x2.gt(totalLow, zero);
  const soundHigh = f64x2.gt(totalHigh, zero);
  const centroid = toSingle(
    v128.and(soundLow, f64x2.div(weightedLow, totalLow)),
    v128.and(soundHigh, f64x2.div(weightedHigh, totalHigh)),
  );

  v128.store(cumulative, running);
  const below = binsBelow(f32x4.mul(f32x4.splat(0.85), running), magnitudes, cumulative - 16 * BLOCKS);
  let spreadLow = zero;
  let spreadHigh = zero;
  for (let start: usize = 0; start < BINS; start += BLOCK) {
    const end = min(BINS, start + BLOCK);
    let spread = zero;
    for (let bin: usize = start; bin < end; bin++) {
      const distance = f32x4.sub(v128.load32_splat(frequencies + 4 * bin), centroid);
      const square = f32x4.mul(distance, distance);
      spread = f32x4.add(spread, f32x4.mul(v128.load(magnitudes + 16 * bin), square));
    }
    spreadLow = f64x2.add(spreadLow, toDoubleLow(spread));
    spreadHigh = f64x2.add(spreadHigh, toDoubleHigh(spread));
  }
  const bandwidth = toSingle(
    v128.and(soundLow, f64x2.sqrt(f64x2.div(spreadLow, totalLow))),
    v128.and(soundHigh, f64x2.sqrt(f64x2.div(spreadHigh, totalHigh))),
  );
  v128.store(shapes, centroid);
  v128.store(shapes, bandwidth, 16);
  v128.store(shapes, i32x4.min_s(below, i32x4.splat(BINS - 1)), 32);
  v128.store(shapes, toSingle(powerLow, powerHigh), 48);
  v128.store(shapes, mantissa, 64);
  v128.store(shapes, exponent, 80);
}

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
