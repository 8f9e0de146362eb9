import { FRAME_LENGTH } from './analysis.js';

const HALF = FRAME_LENGTH / 2;

/**
 * Periodic Hann window, halved: taking the transform of even and odd samples apart would halve every value.
 */
export function halvedWindow(): Float64Array {
  return Float64Array.from(
    { length: FRAME_LENGTH },
    (_, i) => (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FRAME_LENGTH)) / 2,
  );
}

/**
 * A frame's even and odd samples form one complex sequence of half the length, transformed by radix-4 Stockham passes
 * (no bit reversal). For each pass and each of its groups: the first three powers of its twiddle factor, as re, im pairs.
 */
export function passTwiddles(): Float64Array {
  const factors: number[] = [];
  for (let length = HALF; length > 1; length /= 4) {
    for (let group = 0; group < length / 4; group++) {
      for (let power = 1; power <= 3; power++) {
        const angle = (-2 * Math.PI * group * power) / length;
        factors.push(Math.cos(angle), Math.sin(angle));
      }
    }
  }
  return Float64Array.from(factors);
}

/** Cosine and sine that turn the odd samples' transform under the even ones', for the lower half of the bins. */
export function halfTurns(): Float64Array {
  const turns = new Float64Array(HALF + 2);
  for (let k = 0; k <= HALF / 2; k++) {
    turns[2 * k] = Math.cos((-2 * Math.PI * k) / FRAME_LENGTH);
    turns[2 * k + 1] = Math.sin((-2 * Math.PI * k) / FRAME_LENGTH);
  }
  return turns;
}
