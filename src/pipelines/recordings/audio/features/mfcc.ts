import { MEL_BAND_COUNT, MFCC_COUNT } from './analysis.js';

/**
 * First rows of the orthonormal DCT-II over the mel bands, row by row; of each row its first half, since the second is
 * the first mirrored (even rows) or mirrored and negated (odd rows).
 */
export function halfCosineBasis(): Float64Array {
  const half = MEL_BAND_COUNT / 2;
  const basis = new Float64Array(MFCC_COUNT * half);
  for (let k = 0; k < MFCC_COUNT; k++) {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / MEL_BAND_COUNT);
    for (let n = 0; n < half; n++) {
      basis[k * half + n] = scale * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * MEL_BAND_COUNT));
    }
  }
  return basis;
}
