import type { Point } from '../picture/picture.js';
import type { Region } from '../picture/region.js';

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
  const { centre, width, height, rotation } = region;
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const landmarks: Landmark[] = [];
  // Hundreds of points a face: as `inPicture` places them, without its objects.
  for (let at = 0; at + 2 < values.length; at += 3) {
    const along = values[at]! / size;
    const x = ((mirrored ? 1 - along : along) - 0.5) * width;
    const y = (values[at + 1]! / size - 0.5) * height;
    landmarks.push({
      x: centre.x + x * cos - y * sin,
      y: centre.y + x * sin + y * cos,
      z: (values[at + 2]! / size) * width,
    });
  }
  return landmarks;
}
