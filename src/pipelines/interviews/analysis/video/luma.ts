import type { Picture } from '../../models/picture/picture.js';

/** A small picture of light alone, row by row, from 0 to 1. */
export interface Luma {
  width: number;
  height: number;
  values: Float32Array;
}

/** All pictures are measured at about this size, whatever they were filmed at. */
export const LUMA_LONGER_SIDE = 320;

/** BT.601's weights, as MediaPipe and OpenCV take them for grey, times 1024. */
const [RED, GREEN, BLUE] = [306, 601, 117];
const WHITE = 255 * 1024;

/**
 * A picture's luma, each value the mean of pixels in its place, one of every row and one of every column there: enough, and a quarter
 * of the time. Never larger than the picture.
 */
export function lumaOf({ width, height, rgb }: Picture): Luma {
  const step = Math.max(1, Math.round(Math.max(width, height) / LUMA_LONGER_SIDE));
  const columns = Math.max(1, Math.floor(width / step));
  const rows = Math.max(1, Math.floor(height / step));
  const taken = Math.min(step, width, height);
  const offsets = Int32Array.from({ length: taken }, (_, y) => (y * width + ((2 * y + 1) % taken)) * 3);
  const values = new Float32Array(columns * rows);
  const scale = 1 / (WHITE * taken);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const corner = (row * step * width + column * step) * 3;
      let sum = 0;
      for (let index = 0; index < taken; index++) {
        const offset = corner + offsets[index]!;
        sum += RED * rgb[offset]! + GREEN * rgb[offset + 1]! + BLUE * rgb[offset + 2]!;
      }
      values[row * columns + column] = sum * scale;
    }
  }
  return { width: columns, height: rows, values };
}

/** The means of squares of values; what is left over at the right and the bottom is left out. */
export function shrunk({ width, height, values }: Luma, side: number): Luma {
  const [across, down] = [Math.min(side, width), Math.min(side, height)];
  const columns = Math.floor(width / across);
  const rows = Math.floor(height / down);
  const means = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let y = 0; y < down; y++) {
        const from = (row * down + y) * width + column * across;
        for (let x = 0; x < across; x++) sum += values[from + x]!;
      }
      means[row * columns + column] = sum / (across * down);
    }
  }
  return { width: columns, height: rows, values: means };
}
