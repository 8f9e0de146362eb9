import { BIN_COUNT, binFrequency } from './analysis.js';

/** Share of the summed magnitudes below the roll-off frequency. */
const ROLLOFF_SHARE = 0.85;
/** Power below this counts as this in the flatness: librosa's `amin`. */
const FLATNESS_FLOOR = Math.fround(1e-10);
/** Powers lie between 1e-10 and about 1e8 here: sixteen of them multiplied stay far inside a double's range. */
const POWERS_PER_LOGARITHM = 16;

export interface SpectralShape {
  /** Hertz. */
  centroid: number;
  /** Hertz. */
  bandwidth: number;
  /** Hertz. */
  rolloff: number;
  flatness: number;
}

const frequencies = Float64Array.from({ length: BIN_COUNT }, (_, bin) => binFrequency(bin));

/** Shape of one frame's spectrum; a frame without sound has centroid, bandwidth and roll-off 0 and flatness 1. */
export function spectralShape(magnitudes: Float32Array, power: Float32Array): SpectralShape {
  let total = 0;
  let weighted = 0;
  // numpy's cumulative sum adds in single precision, and the roll-off's bin depends on it.
  let cumulative = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const magnitude = magnitudes[bin]!;
    total += magnitude;
    weighted += magnitude * frequencies[bin]!;
    cumulative = Math.fround(cumulative + magnitude);
  }
  const centroid = total > 0 ? weighted / total : 0;
  const threshold = Math.fround(Math.fround(ROLLOFF_SHARE) * cumulative);
  return {
    centroid,
    bandwidth: total > 0 ? Math.sqrt(spread(magnitudes, centroid) / total) : 0,
    rolloff: frequencies[firstBinReaching(magnitudes, threshold)]!,
    flatness: flatness(power),
  };
}

function spread(magnitudes: Float32Array, centroid: number): number {
  let sum = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const distance = frequencies[bin]! - centroid;
    sum += magnitudes[bin]! * distance * distance;
  }
  return sum;
}

function firstBinReaching(magnitudes: Float32Array, threshold: number): number {
  let cumulative = 0;
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    cumulative = Math.fround(cumulative + magnitudes[bin]!);
    if (cumulative >= threshold) return bin;
  }
  return BIN_COUNT - 1;
}

/** Geometric mean of the power over its arithmetic mean; one logarithm for sixteen bins at a time. */
function flatness(power: Float32Array): number {
  let sum = 0;
  let logarithms = 0;
  for (let start = 0; start < BIN_COUNT; start += POWERS_PER_LOGARITHM) {
    const end = Math.min(BIN_COUNT, start + POWERS_PER_LOGARITHM);
    let product = 1;
    for (let bin = start; bin < end; bin++) {
      const value = power[bin]! > FLATNESS_FLOOR ? power[bin]! : FLATNESS_FLOOR;
      sum += value;
      product *= value;
    }
    logarithms += Math.log(product);
  }
  return Math.exp(logarithms / BIN_COUNT) / (sum / BIN_COUNT);
}
