import fc from 'fast-check';
import { resampledLength } from '../../../../../src/pipelines/recordings/audio/decode/resampler.js';
import { createSpectralResampling } from '../../../../../src/pipelines/recordings/audio/decode/spectral-resampler.js';

const OUTPUT_RATE_HZ = 22_050;
/** Filter and edge reach no further than this at any rate. */
const EDGE_SECONDS = 0.03;
const rates = [8_000, 11_025, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000];
const resamplerFor = createSpectralResampling();

function resample(samples: Float32Array, rate: number, pieces: readonly number[] = [1_024]): Float32Array {
  const resampler = resamplerFor(rate)!;
  for (let at = 0, next = 0; at < samples.length; next++) {
    const length = pieces[next % pieces.length]!;
    resampler.push(samples.subarray(at, at + length));
    at += length;
  }
  const output = Float32Array.from(resampler.finish());
  resampler.free();
  return output;
}

function tone(hertz: number, rate: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));
}

/** Largest difference, away from the edges. */
function distance(a: Float32Array, b: Float32Array): number {
  const edge = EDGE_SECONDS * OUTPUT_RATE_HZ;
  return a.reduce((most, value, i) => {
    const inside = i > edge && i < a.length - edge;
    return inside ? Math.max(most, Math.abs(value - b[i]!)) : most;
  }, 0);
}

test.each(rates)('a tone at %i Hz is the same tone at 22,050 Hz', (rate) => {
  const count = Math.round(1.7 * rate);
  const resampled = resample(tone(1_000, rate, count), rate);
  expect(resampled).toHaveLength(resampledLength(count, rate));
  expect(distance(resampled, tone(1_000, OUTPUT_RATE_HZ, resampled.length))).toBeLessThan(1e-5);
});

test.each([44_100, 48_000, 96_000])('of %i Hz, nothing above 11,025 Hz is heard', (rate) => {
  const resampled = resample(tone(12_000, rate, 2 * rate), rate);
  expect(distance(resampled, new Float32Array(resampled.length))).toBeLessThan(2e-5);
});

test('the pieces in which a recording comes do not matter', () => {
  const samples = tone(700, 48_000, 50_000).map((value, i) => value * Math.cos(i * i));
  const whole = resample(samples, 48_000, [samples.length]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 5 }), (pieces) => {
      expect(resample(samples, 48_000, pieces)).toEqual(whole);
    }),
    { numRuns: 10 },
  );
});

test('digital silence between sounds stays digital silence', () => {
  fc.assert(
    fc.property(fc.constantFrom(...rates), fc.integer({ min: 0, max: 40_000 }), (rate, start) => {
      const samples = tone(440, rate, start + 2 * rate);
      samples.fill(0, start, start + rate);
      const resampled = resample(samples, rate);
      const [from, to] = [start / rate + EDGE_SECONDS, start / rate + 1 - EDGE_SECONDS].map((seconds) =>
        Math.round(seconds * OUTPUT_RATE_HZ),
      );
      expect(resampled.subarray(from, to).every((value) => value === 0)).toBe(true);
      expect(resampled.subarray(to! + 2_000, to! + 4_000).every((value) => value === 0)).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test('one sample is a recording, and a recording leaves nothing behind for the next', () => {
  const alone = resample(Float32Array.of(0.5), 16_000);
  resample(tone(300, 48_000, 100_000), 48_000);
  expect(alone).toHaveLength(2);
  expect(resample(Float32Array.of(0.5), 16_000)).toEqual(alone);
});

test.each([22_050, 44_101, 11_111, 192_000])('%i Hz is left to swresample', (rate) => {
  expect(resamplerFor(rate)).toBeUndefined();
});
