import type { Luma } from './luma.js';

/** Mean luma, from 0 to 1. */
export function brightnessOf({ values }: Luma): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length;
}

/**
 * Variance of the Laplacian (Pech-Pacheco et al., 2000, "Diatom autofocusing in brightfield microscopy"), of luma from 0 to 255 as
 * others give it; 0 for a picture without an inside.
 */
export function sharpnessOf({ width, height, values }: Luma): number {
  let sum = 0;
  let squares = 0;
  for (let row = 1; row < height - 1; row++) {
    for (let index = row * width + 1; index < (row + 1) * width - 1; index++) {
      const laplacian =
        values[index - width]! +
        values[index + width]! +
        values[index - 1]! +
        values[index + 1]! -
        4 * values[index]!;
      sum += laplacian;
      squares += laplacian * laplacian;
    }
  }
  const count = Math.max(0, width - 2) * Math.max(0, height - 2);
  if (count === 0) return 0;
  const mean = sum / count;
  return Math.max(0, squares / count - mean * mean) * 255 ** 2;
}
