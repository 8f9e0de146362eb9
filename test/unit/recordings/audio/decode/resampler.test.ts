import fc from 'fast-check';
import {
  resampledLength,
  silencePadding,
  soxrLikeOptions,
} from '../../../../../src/pipelines/recordings/audio/decode/resampler.js';

const rates = fc.constantFrom(8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 11_111);

test('the silence put around a recording becomes a whole number of samples, longer than the filter reaches', () => {
  fc.assert(
    fc.property(rates, (rate) => {
      const { inputSamples, outputSamples } = silencePadding(rate);
      expect(outputSamples * rate).toBe(inputSamples * 22_050);
      expect(inputSamples).toBeGreaterThanOrEqual(184 * Math.max(1, rate / 22_050));
    }),
  );
});

test('lengths round up, as librosa’s do', () => {
  expect(resampledLength(3, 44_100)).toBe(2);
  expect(resampledLength(160, 16_000)).toBe(221);
  expect(resampledLength(0, 8_000)).toBe(0);
});

test('only rates that share too little with 22,050 Hz are interpolated between phases', () => {
  expect(soxrLikeOptions(44_100)).not.toHaveProperty('linear_interp');
  expect(soxrLikeOptions(48_000)).not.toHaveProperty('linear_interp');
  expect(soxrLikeOptions(44_101)).toMatchObject({ linear_interp: '1' });
});
