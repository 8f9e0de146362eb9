import { CONTRAST_BAND_COUNT, MFCC_COUNT, SAMPLE_RATE_HZ } from './analysis.js';
import { createAnalyser } from './clip-analysis.js';
import { FEATURE_NAMES } from './feature-names.js';
import { createFeatureWriter } from './feature-writer.js';
import { createFeatureKernel } from './kernel/feature-kernel.js';
import { movementFeatures } from './movement/movement.js';
import { SHAPE_ROWS } from './spectral-shape.js';

const { kernel, memory } = createFeatureKernel();
const analyse = createAnalyser({ kernel, memory });
const valuesAt = memory.keepBytes(FEATURE_NAMES.length * Float64Array.BYTES_PER_ELEMENT);

/**
 * Computes the features of a clip: the first 109 as `librosa` 0.11 would, then how the clip moves.
 *
 * @param samples mono, 22,050 Hz, full scale 1
 * @returns values in the order of FEATURE_NAMES
 * @throws RangeError when there is no sample
 */
export function extractFeatures(samples: Float32Array): Float64Array {
  if (samples.length === 0) throw new RangeError('Features need at least one sample, got 0');
  const clip = analyse(samples);
  const { frames, rms } = clip;
  const writer = createFeatureWriter(memory, valuesAt, FEATURE_NAMES.length);
  /** Mean and standard deviation of so many rows of a float64 a frame. */
  const appendRows = (rows: number, count: number): void => {
    for (let row = 0; row < count; row++) {
      kernel.meanAndStd(rows + row * clip.rowBytes, frames, writer.take(2));
    }
  };
  for (let k = 0; k < MFCC_COUNT; k++) {
    kernel.meanAndStdOfSingles(clip.coefficients + k * clip.coefficientBytes, frames, writer.take(2));
  }
  for (let k = 0; k < MFCC_COUNT; k++) {
    kernel.deltas(clip.coefficients + k * clip.coefficientBytes, frames, clip.slopes);
    kernel.meanAndStdOfSingles(clip.slopes, frames, writer.take(2));
  }
  kernel.meanAndStdOfSingles(rms, frames, writer.take(2));
  appendRows(clip.zeroCrossingRates, 1);
  appendRows(clip.shapes, SHAPE_ROWS);
  appendRows(clip.contrast, CONTRAST_BAND_COUNT);
  writer.push(samples.length / SAMPLE_RATE_HZ);
  writer.push(kernel.silentShare(rms, frames));
  writer.push(clip.clipped / samples.length);
  movementFeatures(kernel, memory, samples, rms, clip.movement, writer);
  return writer.values();
}
