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
    ...comodulation(bands),
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
function comodulation(bands: readonly Float64Array[], weights?: Float64Array): number[] {
  const total = (weights === undefined ? bands[0]!.length : sum(weights)) + 1e-9;
  const centred = bands.map((band) => {
    const average = weightedProduct(band, weights) / total;
    const distances = new Float64Array(band.length);
    for (let i = 0; i < band.length; i++) distances[i] = band[i]! - average;
    return distances;
  });
  const weighted = weights === undefined ? centred : centred.map((band) => products(band, weights));
  const covariance = (one: number, other: number): number =>
    weightedProduct(centred[one]!, weighted[other]) / total;
  const deviations = bands.map((_, band) => Math.sqrt(covariance(band, band)) + 1);
  return COMODULATION_DISTANCES.map((apart) => {
    let likeness = 0;
    for (let i = 0; i + apart < bands.length; i++) {
      likeness += covariance(i, i + apart) / deviations[i]! / deviations[i + apart]!;
    }
    return likeness / (bands.length - apart);
  });
}

function products(a: Float64Array, b: Float64Array): Float64Array {
  const values = new Float64Array(a.length);
  for (let i = 0; i < values.length; i++) values[i] = a[i]! * b[i]!;
  return values;
}

/** Sum of the products; of the values alone where there are no weights. */
function weightedProduct(values: Float64Array, weights: Float64Array | undefined): number {
  if (weights === undefined) return sum(values);
  let [a, b, c, d] = [0, 0, 0, 0];
  const fours = values.length & ~3;
  for (let i = 0; i < fours; i += 4) {
    a += values[i]! * weights[i]!;
    b += values[i + 1]! * weights[i + 1]!;
    c += values[i + 2]! * weights[i + 2]!;
    d += values[i + 3]! * weights[i + 3]!;
  }
  for (let i = fours; i < values.length; i++) a += values[i]! * weights[i]!;
  return a + b + (c + d);
}
