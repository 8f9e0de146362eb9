import { FRAME_LENGTH, HOP_LENGTH } from './analysis.js';
import { createMagnitudeSpectrum } from './fft.js';

/**
 * Prepares a short-time Fourier transform: periodic Hann window, frames centred on every hop, zeros outside the clip.
 *
 * @returns a function that writes the magnitudes (BIN_COUNT) of one frame of `samples` to `magnitudes`
 */
export function createStft(): (samples: Float32Array, frame: number, magnitudes: Float32Array) => void {
  const spectrum = createMagnitudeSpectrum(FRAME_LENGTH);
  const window = new Float64Array(FRAME_LENGTH);
  for (let i = 0; i < FRAME_LENGTH; i++) window[i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FRAME_LENGTH);
  const windowed = new Float64Array(FRAME_LENGTH);

  return (samples, frame, magnitudes) => {
    const start = frame * HOP_LENGTH - FRAME_LENGTH / 2;
    const first = Math.max(0, -start);
    const last = Math.min(FRAME_LENGTH, samples.length - start);
    windowed.fill(0, 0, first);
    for (let i = first; i < last; i++) windowed[i] = samples[start + i]! * window[i]!;
    windowed.fill(0, Math.max(first, last));
    spectrum(windowed, magnitudes);
  };
}
