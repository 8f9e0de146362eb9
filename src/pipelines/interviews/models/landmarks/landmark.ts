import type { Point } from '../picture/picture.js';
import { inPicture, type Region } from '../picture/region.js';

/** A point of a face, in pixels of the picture. */
export interface Landmark extends Point {
  /** Depth: smaller is nearer. On the scale of x, its zero somewhere in the head. */
  z: number;
}

/**
 * A network's points as landmarks of the picture: MediaPipe's `LandmarkProjectionCalculator`.
 *
 * @param values x, y and depth of each point, in pixels of the input
 * @param size pixels along each side of the input
 * @param region what the network saw
 * @param mirrored the network saw it with left and right swapped
 */
export function projectLandmarks(
  values: Float32Array,
  size: number,
  region: Region,
  mirrored = false,
): Landmark[] {
  return Array.from({ length: values.length / 3 }, (_, index) => {
    const along = values[3 * index]! / size;
    const place = inPicture(region, mirrored ? 1 - along : along, values[3 * index + 1]! / size);
    return { ...place, z: (values[3 * index + 2]! / size) * region.width };
  });
}
