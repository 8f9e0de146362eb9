import { MEL_BAND_COUNT, MFCC_COUNT } from './analysis.js';

/** First rows of the orthonormal DCT-II over the mel bands, row by row. */
function cosineBasis(): Float64Array {
  const basis = new Float64Array(MFCC_COUNT * MEL_BAND_COUNT);
  for (let k = 0; k < MFCC_COUNT; k++) {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / MEL_BAND_COUNT);
    for (let n = 0; n < MEL_BAND_COUNT; n++) {
      basis[k * MEL_BAND_COUNT + n] = scale * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * MEL_BAND_COUNT));
    }
  }
  return basis;
}

/**
 * Prepares mel-frequency cepstral coefficients.
 *
 * @returns a function from mel decibels (frame by frame, MEL_BAND_COUNT each) to coefficients, coefficient by
 * coefficient: `result[k * frames + frame]`
 */
export function createMfcc(): (melDecibels: Float32Array) => Float32Array {
  const basis = cosineBasis();
  return (melDecibels) => {
    const frames = melDecibels.length / MEL_BAND_COUNT;
    const coefficients = new Float32Array(MFCC_COUNT * frames);
    for (let frame = 0; frame < frames; frame++) {
      const bands = frame * MEL_BAND_COUNT;
      for (let k = 0; k < MFCC_COUNT; k++) {
        const row = k * MEL_BAND_COUNT;
        let sum = 0;
        for (let n = 0; n < MEL_BAND_COUNT; n++) sum += basis[row + n]! * melDecibels[bands + n]!;
        coefficients[k * frames + frame] = sum;
      }
    }
    return coefficients;
  };
}
