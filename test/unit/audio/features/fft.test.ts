import { createMagnitudeSpectrum } from '../../../../src/audio/features/fft.js';

/** The definition, term by term. */
function slowMagnitudes(frame: Float64Array): number[] {
  return Array.from({ length: frame.length / 2 + 1 }, (_, k) => {
    let re = 0;
    let im = 0;
    frame.forEach((value, n) => {
      re += value * Math.cos((2 * Math.PI * k * n) / frame.length);
      im -= value * Math.sin((2 * Math.PI * k * n) / frame.length);
    });
    return Math.hypot(re, im);
  });
}

test.each([8, 32, 512])('the fast transform of %i samples is the slow one', (size) => {
  const frame = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i) + (i % 7));
  const magnitudes = new Float32Array(size / 2 + 1);
  createMagnitudeSpectrum(size)(frame, magnitudes);
  slowMagnitudes(frame).forEach((expected, k) => expect(magnitudes[k]).toBeCloseTo(expected, 3));
});

test('a transform leaves nothing behind for the next', () => {
  const spectrum = createMagnitudeSpectrum(32);
  const magnitudes = new Float32Array(17);
  spectrum(new Float64Array(32).fill(1), magnitudes);
  spectrum(new Float64Array(32), magnitudes);
  expect([...magnitudes]).toEqual(new Array(17).fill(0));
});

test('a size that is not twice a power of four is refused', () => {
  expect(() => createMagnitudeSpectrum(1_024)).toThrow('twice a power of four, got 1024');
});
