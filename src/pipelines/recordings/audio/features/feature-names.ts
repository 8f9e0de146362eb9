import { CONTRAST_BAND_COUNT, MFCC_COUNT } from './analysis.js';
import { MOVEMENT_NAMES } from './movement/movement-names.js';

function meanAndStd(...rows: string[]): string[] {
  return rows.flatMap((row) => [`${row}_mean`, `${row}_std`]);
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}_${index + 1}`);
}

/** librosa's statistics of a clip; their order is part of the contract. */
export const LIBROSA_NAMES: readonly string[] = Object.freeze([
  ...meanAndStd(
    ...numbered('mfcc', MFCC_COUNT),
    ...numbered('mfcc_delta', MFCC_COUNT),
    'rms',
    'zero_crossing_rate',
    'spectral_centroid',
    'spectral_bandwidth',
    'spectral_rolloff',
    'spectral_flatness',
    ...numbered('spectral_contrast', CONTRAST_BAND_COUNT),
  ),
  'duration_seconds',
  'silence_ratio',
  'clipping_ratio',
]);

/** All features, in the order in which `extractFeatures` returns their values: librosa's, then how the clip moves. */
export const FEATURE_NAMES: readonly string[] = Object.freeze([...LIBROSA_NAMES, ...MOVEMENT_NAMES]);
