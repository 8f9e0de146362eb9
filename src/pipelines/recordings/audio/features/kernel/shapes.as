// Magnitudes of four spectra, and what shape they have.

import { constants, decibelsOfDoubles } from './decibels';
import { toDoubleHigh, toDoubleLow, toSingle } from './lanes';

const BINS: usize = 1025;
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

/** Powers of 10 to the tenth of decibels, to twelve digits: 2^n, and the series of e^x for |x| < 0.35. */
@inline
function powersOf(decibels: v128): v128 {
  // 1 / (10 log10(2))
  const logarithm = f64x2.mul(decibels, f64x2.splat(0.33219280948873623));
  const whole = f64x2.nearest(logarithm);
  const x = f64x2.mul(f64x2.sub(logarithm, whole), f64x2.splat(0.6931471805599453));
  let series = f64x2.splat(1.0 / 3628800.0);
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(1.0 / 362880.0));
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(1.0 / 40320.0));
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(1.0 / 5040.0));
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(1.0 / 720.0));
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(1.0 / 120.0));
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(1.0 / 24.0));
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(1.0 / 6.0));
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(0.5));
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(1.0));
  series = f64x2.add(f64x2.mul(series, x), f64x2.splat(1.0));
  // In the sum's last bits lies the whole number, to become an exponent.
  const bits = f64x2.add(whole, f64x2.splat(4503599627370496.0 + 1023.0));
  return f64x2.mul(series, i64x2.shl(bits, 52));
}

/** Geometric mean over arithmetic mean: of two products as mantissas and exponents, and two sums. */
@inline
function flatnessOf(mantissa: v128, exponent: v128, sum: v128): v128 {
  const product = f64x2.add(decibelsOfDoubles(mantissa, constants), f64x2.mul(exponent, f64x2.splat(3.010299956639812)));
  return f64x2.div(powersOf(f64x2.div(product, f64x2.splat(<f64>BINS))), f64x2.div(sum, f64x2.splat(<f64>BINS)));
}

/**
 * Rows of a clip's shapes.
 *
 * @param shapes of `groups` times four frames, as `spectralShapes` writes them
 * @param to receives four rows of float64, `rowBytes` apart: centroid, bandwidth, roll-off (hertz), flatness (geometric mean of the power
 * over its arithmetic mean)
 */
export function shapeRows(shapes: usize, groups: i32, to: usize, rowBytes: usize): void {
  const hertz = f64x2.splat(22050.0 / 2048.0);
  for (let group = 0; group < groups; group++, shapes += 96, to += 32) {
    const centroid = v128.load(shapes);
    v128.store(to, toDoubleLow(centroid));
    v128.store(to, toDoubleHigh(centroid), 16);
    let at = to + rowBytes;
    const bandwidth = v128.load(shapes, 16);
    v128.store(at, toDoubleLow(bandwidth));
    v128.store(at, toDoubleHigh(bandwidth), 16);
    at += rowBytes;
    const bins = v128.load(shapes, 32);
    v128.store(at, f64x2.mul(hertz, f64x2.convert_low_i32x4_s(bins)));
    v128.store(at, f64x2.mul(hertz, f64x2.convert_low_i32x4_s(i64x2.shuffle(bins, bins, 1, 1))), 16);
    at += rowBytes;
    const sum = v128.load(shapes, 48);
    const mantissa = v128.load(shapes, 64);
    const exponent = v128.load(shapes, 80);
    const low = flatnessOf(toDoubleLow(mantissa), f64x2.convert_low_i32x4_s(exponent), toDoubleLow(sum));
    const exponentHigh = f64x2.convert_low_i32x4_s(i64x2.shuffle(exponent, exponent, 1, 1));
    v128.store(at, low);
    v128.store(at, flatnessOf(toDoubleHigh(mantissa), exponentHigh, toDoubleHigh(sum)), 16);
  }
}
