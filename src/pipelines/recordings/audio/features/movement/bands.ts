import type { FeatureWriter } from '../feature-writer.js';
import type { FeatureKernel } from '../kernel/feature-kernel.js';
import { placeOf, quantile } from './numbers.js';

/** Bands of the rows that change is measured between: each four mel bands. */
export const FINE_BAND_COUNT = 32;
/** Bands that move together or not: each sixteen mel bands. */
export const BAND_COUNT = 8;

export const SPECTRAL_CHANGE_FRAMES = [1, 2, 4, 8];
/** Longer than a syllable: what a reading changes in all. */
const LONG_CHANGE_FRAMES = 16;
/** Bands apart. */
export const COMODULATION_DISTANCES = [1, 2, 4];

/** Levels of a clip's bands, in decibels, and work space; by addresses in the kernel's memory. */
export interface BandRows {
  frames: number;
  /** 32 float32 a frame. */
  fine: number;
  /** Of the rows below, which are of float64. */
  rowBytes: number;
  /** A row for each of the eight bands, then one of the loudest's. */
  wide: number;
  /** Eight rows. */
  centred: number;
  weighted: number;
  work: number;
}

/** Writes the features of a clip's bands. @param active how much each frame belongs to the reading: a row of float64 */
export function bandFeatures(
  kernel: FeatureKernel,
  bands: BandRows,
  active: number,
  writer: FeatureWriter,
): void {
  const { frames, fine, wide, rowBytes, work } = bands;
  const change = (lag: number): number => kernel.spectralChange(fine, active, Math.max(0, frames - lag), lag);
  const changes = Float64Array.from(SPECTRAL_CHANGE_FRAMES, change);
  const longChange = change(LONG_CHANGE_FRAMES);
  for (const value of changes) writer.push(value);
  for (const value of changes) writer.push(value / (longChange + 1));

  kernel.wideBands(fine, frames, wide, rowBytes);
  const loudest = { address: wide + BAND_COUNT * rowBytes, count: frames };
  const overall = quantile(kernel, loudest, 0.95, work);
  const [low, middle, high] = [placeOf(0.1, frames), placeOf(0.5, frames), placeOf(0.95, frames)];
  for (let band = 0; band < BAND_COUNT; band++) {
    kernel.copy(wide + band * rowBytes, frames, work);
    const lowLevel = kernel.select(work, frames, 0, low);
    const middleLevel = kernel.select(work, frames, low, middle);
    const highLevel = kernel.select(work, frames, middle, high);
    writer.push(highLevel - lowLevel);
    writer.push(highLevel - middleLevel);
    writer.push(highLevel - overall);
  }
  comodulation(kernel, bands, undefined, writer);
  comodulation(kernel, bands, active, writer);
}

/** Mean correlation of bands, by how many bands apart they are: one voice moves all of them at once. */
function comodulation(
  kernel: FeatureKernel,
  { frames, wide, centred, weighted, rowBytes }: BandRows,
  weights: number | undefined,
  writer: FeatureWriter,
): void {
  const total = (weights === undefined ? frames : kernel.sum(weights, frames)) + 1e-9;
  const others = weights === undefined ? centred : weighted;
  for (let offset = 0; offset < BAND_COUNT * rowBytes; offset += rowBytes) {
    const row = wide + offset;
    const levels =
      weights === undefined ? kernel.sum(row, frames) : kernel.sumOfProducts(row, weights, frames);
    kernel.shift(row, levels / total, frames, centred + offset);
    if (weights !== undefined) kernel.multiply(centred + offset, weights, frames, weighted + offset);
  }
  const covariance = (one: number, other: number): number =>
    kernel.sumOfProducts(centred + one * rowBytes, others + other * rowBytes, frames) / total;
  const deviations = Float64Array.from(
    { length: BAND_COUNT },
    (_, band) => Math.sqrt(covariance(band, band)) + 1,
  );
  for (const apart of COMODULATION_DISTANCES) {
    let likeness = 0;
    for (let i = 0; i + apart < BAND_COUNT; i++) {
      likeness += covariance(i, i + apart) / deviations[i]! / deviations[i + apart]!;
    }
    writer.push(likeness / (BAND_COUNT - apart));
  }
}
