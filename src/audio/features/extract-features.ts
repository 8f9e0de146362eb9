import {
  BIN_COUNT,
  CONTRAST_BAND_COUNT,
  frameCount,
  MEL_BAND_COUNT,
  MFCC_COUNT,
  SAMPLE_RATE_HZ,
} from './analysis.js';
import { peaksAndValleys } from './contrast.js';
import { limitDynamicRange, powerToDecibels } from './decibel.js';
import { deltas } from './delta.js';
import { FEATURE_NAMES } from './feature-names.js';
import { clippingRatio, frameLevels, silenceRatio } from './level.js';
import { createMelBank } from './mel.js';
import { createMfcc } from './mfcc.js';
import { spectralShape } from './spectral-shape.js';
import { meanAndStd } from './statistics.js';
import { createStft } from './stft.js';

const stft = createStft();
const melBank = createMelBank();
const mfcc = createMfcc();

/**
 * Computes the features of a clip, as `librosa` 0.11 would.
 *
 * Spectra are taken frame by frame and dropped; what stays for the whole clip is the mel decibels (512 bytes a frame),
 * because their floor depends on the loudest of all.
 *
 * @param samples mono, 22,050 Hz, full scale 1
 * @returns values in the order of FEATURE_NAMES
 * @throws RangeError when there is no sample
 */
export function extractFeatures(samples: Float32Array): Float64Array {
  if (samples.length === 0) throw new RangeError('Features need at least one sample, got 0');
  const frames = frameCount(samples.length);
  const spectra = analyseSpectra(samples, frames);
  const { rms, zeroCrossingRate } = frameLevels(samples);

  limitDynamicRange(spectra.melDecibels);
  const coefficients = mfcc(spectra.melDecibels);

  const values = new Float64Array(FEATURE_NAMES.length);
  let next = 0;
  const append = (rows: Float32Array | Float64Array, count = frames, offset = 0, stride = 1): void => {
    const { mean, std } = meanAndStd(rows, count, offset, stride);
    values[next++] = mean;
    values[next++] = std;
  };
  for (let k = 0; k < MFCC_COUNT; k++) append(coefficients, frames, k * frames);
  const slopes = deltas(coefficients, frames);
  for (let k = 0; k < MFCC_COUNT; k++) append(slopes, frames, k * frames);
  append(rms);
  append(zeroCrossingRate);
  append(spectra.centroid);
  append(spectra.bandwidth);
  append(spectra.rolloff);
  append(spectra.flatness);
  const contrast = contrastDecibels(spectra.peaks, spectra.valleys);
  for (let band = 0; band < CONTRAST_BAND_COUNT; band++) append(contrast, frames, band, CONTRAST_BAND_COUNT);
  values[next++] = samples.length / SAMPLE_RATE_HZ;
  values[next++] = silenceRatio(rms);
  values[next++] = clippingRatio(samples);
  return values;
}

interface Spectra {
  /** Frame by frame. */
  melDecibels: Float32Array;
  centroid: Float64Array;
  bandwidth: Float64Array;
  rolloff: Float64Array;
  flatness: Float64Array;
  /** Magnitudes, frame by frame. */
  peaks: Float64Array;
  valleys: Float64Array;
}

function analyseSpectra(samples: Float32Array, frames: number): Spectra {
  const spectra: Spectra = {
    melDecibels: new Float32Array(frames * MEL_BAND_COUNT),
    centroid: new Float64Array(frames),
    bandwidth: new Float64Array(frames),
    rolloff: new Float64Array(frames),
    flatness: new Float64Array(frames),
    peaks: new Float64Array(frames * CONTRAST_BAND_COUNT),
    valleys: new Float64Array(frames * CONTRAST_BAND_COUNT),
  };
  const magnitudes = new Float32Array(BIN_COUNT);
  const power = new Float32Array(BIN_COUNT);
  for (let frame = 0; frame < frames; frame++) {
    stft(samples, frame, magnitudes);
    for (let bin = 0; bin < BIN_COUNT; bin++) power[bin] = magnitudes[bin]! * magnitudes[bin]!;

    melBank(power, spectra.melDecibels, frame * MEL_BAND_COUNT);
    const shape = spectralShape(magnitudes, power);
    spectra.centroid[frame] = shape.centroid;
    spectra.bandwidth[frame] = shape.bandwidth;
    spectra.rolloff[frame] = shape.rolloff;
    spectra.flatness[frame] = shape.flatness;
    peaksAndValleys(magnitudes, spectra.peaks, spectra.valleys, frame * CONTRAST_BAND_COUNT);
  }
  const mel = spectra.melDecibels;
  for (let i = 0; i < mel.length; i++) mel[i] = powerToDecibels(mel[i]!);
  return spectra;
}

/** Peak over valley in decibels, each limited to its own dynamic range first. */
function contrastDecibels(peaks: Float64Array, valleys: Float64Array): Float64Array {
  const peakDecibels = peaks.map(powerToDecibels);
  const valleyDecibels = valleys.map(powerToDecibels);
  limitDynamicRange(peakDecibels);
  limitDynamicRange(valleyDecibels);
  return peakDecibels.map((peak, i) => peak - valleyDecibels[i]!);
}
