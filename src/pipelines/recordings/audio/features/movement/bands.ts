import { mean, quantile, quantiles, sum } from './numbers.js';

/** Bands of the rows that change is measured between: each four mel bands. */
export const FINE_BAND_COUNT = 32;
/** Bands that move together or not: each sixteen mel bands. */
export const BAND_COUNT = 8;
const FINE_PER_BAND = FINE_BAND_COUNT / BAND_COUNT;

export const SPECTRAL_CHANGE_FRAMES = [1, 2, 4, 8];
/** Longer than a syllable: what a reading changes in all. */
export const LONG_CHANGE_FRAMES = 16;
/** Bands apart. */
export const COMODULATION_DISTANCES = [1, 2, 4];

/** Levels of a clip's bands. */
export interface BandLevels {
  /** Decibels, frame by frame: `rows[frame * 32 + band]`. */
  rows: Float32Array;
  /** By number of frames: the mean distance, over the bands, of each frame from the one so much later. */
  distances: ReadonlyMap<number, Float32Array>;
}

export function bandFeatures({ rows, distances }: BandLevels, active: Float64Array): number[] {
  const frames = active.length;
  const change = (lag: number): number => {
    const distance = distances.get(lag)!;
    let weighted = 0;
    let weights = 0;
    for (let frame = 0; frame + lag < frames; frame++) {
      const weight = active[frame]! * active[frame + lag]!;
      weights += weight;
      weighted += weight * distance[frame]!;
    }
    return mean(weighted, weights);
  };
  const changes = SPECTRAL_CHANGE_FRAMES.map(change);
  const longChange = change(LONG_CHANGE_FRAMES);
  const bands = bandRows(rows, frames);
  const loudest = new Float64Array(frames).fill(-Infinity);
  for (const band of bands) {
    for (let i = 0; i < frames; i++) if (band[i]! > loudest[i]!) loudest[i] = band[i]!;
  }
  const overall = quantile(loudest, 0.95);
  return [
    ...changes,
    ...changes.map((value) => value / (longChange + 1)),
    ...bands.flatMap((band) => {
      const [low, middle, high] = quantiles(band, [0.1, 0.5, 0.95]);
      return [high! - low!, high! - middle!, high! - overall];
    }),
    ...comodulation(bands, new Float64Array(frames).fill(1)),
    ...comodulation(bands, active),
  ];
}

function bandRows(rows: Float32Array, frames: number): Float64Array[] {
  return Array.from({ length: BAND_COUNT }, (_, band) => {
    const values = new Float64Array(frames);
    for (let frame = 0; frame < frames; frame++) {
      const at = frame * FINE_BAND_COUNT + band * FINE_PER_BAND;
      values[frame] = (rows[at]! + rows[at + 1]! + rows[at + 2]! + rows[at + 3]!) / FINE_PER_BAND;
    }
    return values;
  });
}

/** Mean correlation of bands, by how many bands apart they are: one voice moves all of them at once. */
function comodulation(bands: readonly Float64Array[], weights: Float64Array): number[] {
  const total = sum(weights) + 1e-9;
  const centred = bands.map((band) => {
    let average = 0;
    for (let i = 0; i < band.length; i++) average += weights[i]! * band[i]!;
    average /= total;
    const distances = new Float64Array(band.length);
    for (let i = 0; i < band.length; i++) distances[i] = band[i]! - average;
    return distances;
  });
  const product = (a: Float64Array, b: Float64Array): number => {
    let products = 0;
    for (let i = 0; i < a.length; i++) products += weights[i]! * a[i]! * b[i]!;
    return products / total;
  };
  const deviations = centred.map((band) => Math.sqrt(product(band, band)) + 1);
  return COMODULATION_DISTANCES.map((apart) => {
    let likeness = 0;
    for (let i = 0; i + apart < bands.length; i++) {
      likeness += product(centred[i]!, centred[i + apart]!) / deviations[i]! / deviations[i + apart]!;
    }
    return likeness / (bands.length - apart);
  });
}
