import { BIN_COUNT, binFrequency, CONTRAST_BAND_COUNT } from './analysis.js';

const LOWEST_EDGE_HZ = 200;
/** Share of a band's bins, at each end of the sorted magnitudes, that make its valley and its peak. */
const QUANTILE = 0.02;

export interface ContrastBand {
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
export function contrastBands(): ContrastBand[] {
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
