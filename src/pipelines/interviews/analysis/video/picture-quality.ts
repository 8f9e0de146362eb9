import { pictureKernel } from '../../models/picture/kernel/picture-kernel.js';
import { lumaRoom, type Luma } from './luma.js';

/** Mean luma, from 0 to 1. */
export function brightnessOf({ values }: Luma): number {
  return pictureKernel().kernel.sum(lumaRoom.put(values), values.length) / values.length;
}

/**
 * Variance of the Laplacian (Pech-Pacheco et al., 2000, "Diatom autofocusing in brightfield microscopy"), of luma from 0 to 255 as
 * others give it; 0 for a picture without an inside.
 */
export function sharpnessOf({ width, height, values }: Luma): number {
  return pictureKernel().kernel.laplacianVariance(lumaRoom.put(values), width, height) * 255 ** 2;
}
