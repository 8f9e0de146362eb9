import { givenPicture, kernelRoom, pictureKernel } from '../../models/picture/kernel/picture-kernel.js';
import type { Picture } from '../../models/picture/picture.js';

/** A small picture of light alone, row by row, from 0 to 1. */
export interface Luma {
  width: number;
  height: number;
  /** Of `lumaOf`, until the next picture: they are in the kernel's memory. */
  values: Float32Array;
}

/** All pictures are measured at about this size, whatever they were filmed at. */
export const LUMA_LONGER_SIDE = 320;

const WHITE = 255 * 1024;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** The longer side of a picture is below one and a half times `LUMA_LONGER_SIDE`. */
export const lumaRoom = kernelRoom((1.5 * LUMA_LONGER_SIDE) ** 2 * FLOAT_BYTES);
const smallRoom = kernelRoom((LUMA_LONGER_SIDE / 2) ** 2 * FLOAT_BYTES);

/**
 * A picture's luma, each value the mean of pixels in its place, one of every row and one of every column there: enough, and a quarter
 * of the time. Never larger than the picture.
 */
export function lumaOf({ width, height, rgb }: Picture): Luma {
  const step = Math.max(1, Math.round(Math.max(width, height) / LUMA_LONGER_SIDE));
  const columns = Math.max(1, Math.floor(width / step));
  const rows = Math.max(1, Math.floor(height / step));
  const taken = Math.min(step, width, height);
  const from = givenPicture.put(rgb);
  const values = lumaRoom.floats(columns * rows);
  const { kernel } = pictureKernel();
  kernel.luma(from, width, columns, rows, step, taken, 1 / (WHITE * taken), values.byteOffset);
  return { width: columns, height: rows, values };
}

/** The means of squares of values; what is left over at the right and the bottom is left out. */
export function shrunk({ width, height, values }: Luma, side: number): Luma {
  const [across, down] = [Math.min(side, width), Math.min(side, height)];
  const columns = Math.floor(width / across);
  const rows = Math.floor(height / down);
  const from = lumaRoom.put(values);
  const means = smallRoom.floats(columns * rows);
  pictureKernel().kernel.shrink(from, width, columns, rows, across, down, means.byteOffset);
  return { width: columns, height: rows, values: means };
}
