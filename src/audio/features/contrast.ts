import { BIN_COUNT, binFrequency, CONTRAST_BAND_COUNT } from './analysis.js';

const LOWEST_EDGE_HZ = 200;
/** Share of a band's bins, at each end of the sorted magnitudes, that make its valley and its peak. */
const QUANTILE = 0.02;

interface ContrastBand {
  firstBin: number;
  endBin: number;
  /** Bins averaged for the peak, and for the valley. */
  extremes: number;
}

/** numpy's `rint`: halves go to the even neighbour. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * The bands: below 200 Hz, then octaves, the last with everything above. As in librosa a band includes both its edges,
 * takes one bin more below, and all but the last drop their top bin, yet the quantile counts the bin dropped.
 */
function contrastBands(): ContrastBand[] {
  return Array.from({ length: CONTRAST_BAND_COUNT }, (_, band) => {
    const low = band === 0 ? 0 : LOWEST_EDGE_HZ * 2 ** (band - 1);
    const high = LOWEST_EDGE_HZ * 2 ** band;
    let firstBin = 0;
    while (binFrequency(firstBin) < low) firstBin++;
    let endBin = firstBin;
    while (endBin < BIN_COUNT && binFrequency(endBin) <= high) endBin++;
    if (band > 0) firstBin--;
    const last = band === CONTRAST_BAND_COUNT - 1;
    if (last) endBin = BIN_COUNT;
    const extremes = Math.max(1, roundHalfToEven(QUANTILE * (endBin - firstBin)));
    return { firstBin, endBin: last ? endBin : endBin - 1, extremes };
  });
}

const bands = contrastBands();
const mostExtremes = Math.max(...bands.map((band) => band.extremes));
const largest = new Float32Array(mostExtremes);
const smallest = new Float32Array(mostExtremes);

/** Writes the mean of each band's largest and smallest magnitudes to `peaks` and `valleys` from `offset` on. */
export function peaksAndValleys(
  magnitudes: Float32Array,
  peaks: Float64Array,
  valleys: Float64Array,
  offset: number,
): void {
  for (let band = 0; band < bands.length; band++) {
    const { firstBin, endBin, extremes } = bands[band]!;
    largest.fill(-Infinity);
    smallest.fill(Infinity);
    for (let bin = firstBin; bin < endBin; bin++) {
      const magnitude = magnitudes[bin]!;
      if (magnitude > largest[extremes - 1]!) insertDescending(largest, extremes, magnitude);
      if (magnitude < smallest[extremes - 1]!) insertAscending(smallest, extremes, magnitude);
    }
    peaks[offset + band] = singleMean(largest, extremes);
    valleys[offset + band] = singleMean(smallest, extremes);
  }
}

function insertDescending(sorted: Float32Array, count: number, value: number): void {
  let at = count - 1;
  for (; at > 0 && sorted[at - 1]! < value; at--) sorted[at] = sorted[at - 1]!;
  sorted[at] = value;
}

function insertAscending(sorted: Float32Array, count: number, value: number): void {
  let at = count - 1;
  for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!;
  sorted[at] = value;
}

/** Mean rounded to single precision, in which librosa keeps magnitudes. */
function singleMean(values: Float32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  return Math.fround(sum / count);
}
