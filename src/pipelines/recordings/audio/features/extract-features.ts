import { CONTRAST_BAND_COUNT, MFCC_COUNT, SAMPLE_RATE_HZ } from './analysis.js';
import { createAnalyser } from './clip-analysis.js';
import { deltas } from './delta.js';
import { FEATURE_NAMES } from './feature-names.js';
import { frameLevels, silenceRatio } from './level.js';
import { movementFeatures } from './movement/movement.js';
import { meanAndStd } from './statistics.js';

const analyse = createAnalyser();

/**
 * Computes the features of a clip: the first 109 as `librosa` 0.11 would, then how the clip moves.
 *
 * @param samples mono, 22,050 Hz, full scale 1
 * @returns values in the order of FEATURE_NAMES
 * @throws RangeError when there is no sample
 */
export function extractFeatures(samples: Float32Array): Float64Array {
  if (samples.length === 0) throw new RangeError('Features need at least one sample, got 0');
  const { frames, coefficients, shapes, contrast, levels, clipped, movement } = analyse(samples);
  const { rms, zeroCrossingRate } = frameLevels(samples, levels);

  const values = new Float64Array(FEATURE_NAMES.length);
  let next = 0;
  /** Appends mean and standard deviation of so many rows of one value a frame. */
  const append = (rows: Float32Array | Float64Array, count = 1): void => {
    for (let row = 0; row < count; row++) {
      const { mean, std } = meanAndStd(rows, frames, row * frames);
      values[next++] = mean;
      values[next++] = std;
    }
  };
  append(coefficients, MFCC_COUNT);
  append(deltas(coefficients, frames), MFCC_COUNT);
  append(rms);
  append(zeroCrossingRate);
  append(shapes.centroid);
  append(shapes.bandwidth);
  append(shapes.rolloff);
  append(shapes.flatness);
  append(contrast, CONTRAST_BAND_COUNT);
  values[next++] = samples.length / SAMPLE_RATE_HZ;
  values[next++] = silenceRatio(rms);
  values[next++] = clipped / samples.length;
  values.set(movementFeatures(samples, rms, movement), next);
  return values;
}
