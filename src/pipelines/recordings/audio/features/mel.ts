import { BIN_COUNT, binFrequency, MEL_BAND_COUNT, SAMPLE_RATE_HZ } from './analysis.js';

/** Slaney's mel scale: linear to 1 kHz, logarithmic above. */
const LINEAR_HZ_PER_MEL = 200 / 3;
const LOGARITHMIC_FROM_HZ = 1_000;
const LOGARITHMIC_FROM_MEL = LOGARITHMIC_FROM_HZ / LINEAR_HZ_PER_MEL;
const LOGARITHMIC_STEP = Math.log(6.4) / 27;

function hertzToMel(hertz: number): number {
  if (hertz < LOGARITHMIC_FROM_HZ) return hertz / LINEAR_HZ_PER_MEL;
  return LOGARITHMIC_FROM_MEL + Math.log(hertz / LOGARITHMIC_FROM_HZ) / LOGARITHMIC_STEP;
}

function melToHertz(mel: number): number {
  if (mel < LOGARITHMIC_FROM_MEL) return mel * LINEAR_HZ_PER_MEL;
  return LOGARITHMIC_FROM_HZ * Math.exp(LOGARITHMIC_STEP * (mel - LOGARITHMIC_FROM_MEL));
}

export interface MelFilter {
  firstBin: number;
  /** Single precision, as librosa keeps them. */
  weights: Float32Array;
}

/** Triangles between neighbouring mel frequencies, of constant area (Slaney's norm); only the non-zero bins are kept. */
export function melFilters(): MelFilter[] {
  const top = hertzToMel(SAMPLE_RATE_HZ / 2);
  const edges = Array.from({ length: MEL_BAND_COUNT + 2 }, (_, i) =>
    melToHertz((i * top) / (MEL_BAND_COUNT + 1)),
  );
  return Array.from({ length: MEL_BAND_COUNT }, (_, band) => {
    const [low, centre, high] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    const area = 2 / (high - low);
    const all = new Float32Array(BIN_COUNT);
    for (let bin = 0; bin < BIN_COUNT; bin++) {
      const frequency = binFrequency(bin);
      const rising = (frequency - low) / (centre - low);
      const falling = (high - frequency) / (high - centre);
      all[bin] = Math.fround(Math.max(0, Math.min(rising, falling))) * area;
    }
    const firstBin = Math.max(
      0,
      all.findIndex((weight) => weight > 0),
    );
    const endBin = all.findLastIndex((weight) => weight > 0) + 1;
    return { firstBin, weights: all.slice(firstBin, endBin) };
  });
}
