import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractFeatures } from '../../../../../src/pipelines/recordings/audio/features/extract-features.js';
import {
  FEATURE_NAMES,
  LIBROSA_NAMES,
} from '../../../../../src/pipelines/recordings/audio/features/feature-names.js';
import { fixtures, waveforms } from './waveforms.js';

function golden(file: string): unknown {
  return JSON.parse(readFileSync(join(fixtures, 'golden', file), 'utf8'));
}

/** The reference computes cepstra of up to a thousand decibels in single precision: its own rounding is this large. */
const CEPSTRUM_ROUNDING = 1e-5;

/** Movement compares levels in decibels, of up to a hundred and in single precision. */
const LEVEL_ROUNDING = 1e-5;

function tolerance(name: string, expected: number): number {
  const share = name.startsWith('spectral_contrast_7') ? 1e-2 : 1e-4;
  const rounding = name.startsWith('mfcc')
    ? CEPSTRUM_ROUNDING
    : LIBROSA_NAMES.includes(name)
      ? 1e-9
      : LEVEL_ROUNDING;
  return share * Math.abs(expected) + rounding;
}

test('the features have the names and the order of the reference', () => {
  expect(FEATURE_NAMES).toEqual(golden('names.json'));
  expect(FEATURE_NAMES.slice(0, 109)).toEqual(LIBROSA_NAMES);
});

const expectedByName = golden('waveforms.json') as Record<string, number[]>;
const samplesByName = waveforms();

test('every golden waveform is compared', () => {
  expect(Object.keys(samplesByName)).toEqual(Object.keys(expectedByName));
});

test.each(Object.keys(expectedByName))('the features of %s are those of the reference', (waveform) => {
  const features = extractFeatures(samplesByName[waveform]!);
  const expected = expectedByName[waveform]!;
  const wrong = FEATURE_NAMES.flatMap((name, i) => {
    const difference = Math.abs(features[i]! - expected[i]!);
    return difference <= tolerance(name, expected[i]!)
      ? []
      : [{ name, got: features[i], expected: expected[i] }];
  });
  expect(wrong).toEqual([]);
});

test('a clip without samples has no features', () => {
  expect(() => extractFeatures(new Float32Array(0))).toThrow('at least one sample');
});
