import { CONTRAST_BAND_COUNT, MFCC_COUNT } from './analysis.js';

function meanAndStd(...rows: string[]): string[] {
  return rows.flatMap((row) => [`${row}_mean`, `${row}_std`]);
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}_${index + 1}`);
}

/** The 109 features, in the order in which `extractFeatures` returns their values. */
export const FEATURE_NAMES: readonly string[] = Object.freeze([
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
