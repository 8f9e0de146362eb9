import { InvalidInput } from '../../../../platform/errors.js';
import type { Picture, Point } from './picture.js';

/** A rectangle of a picture, perhaps turned. */
export interface Region {
  /** Pixels of the picture. */
  centre: Point;
  width: number;
  height: number;
  /** Radians, clockwise. */
  rotation: number;
}

/** The smallest square around a whole picture: its borders are what letterboxing adds. */
export function squareAround({ width, height }: Picture): Region {
  const side = Math.max(width, height);
  return { centre: { x: width / 2, y: height / 2 }, width: side, height: side, rotation: 0 };
}

/** Where a place of the region, from 0 to 1 along each of its sides, is in the picture. */
export function inPicture({ centre, width, height, rotation }: Region, along: number, down: number): Point {
  const x = (along - 0.5) * width;
  const y = (down - 0.5) * height;
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  return { x: centre.x + x * cos - y * sin, y: centre.y + x * sin + y * cos };
}

/** The angle, clockwise, by which a picture is turned whose line from one point to the other would be level. */
export function tiltOf(from: Point, to: Point): number {
  return Math.atan2(to.y - from.y, to.x - from.x);
}

export interface Sampling {
  /** Pixels along each side of the result. */
  size: number;
  /** What bytes 0 and 255 become. */
  range: readonly [low: number, high: number];
  /** What lies outside the picture: black, or its nearest pixel. */
  outside: 'black' | 'nearest';
  /** Swaps left and right of the result. */
  mirrored?: boolean;
}

/** In place of a pixel's first byte where there is no pixel. */
const BLACK = -1;

/**
 * Samples a region bilinearly, as MediaPipe does (`image_to_tensor_converter_opencv.cc`: OpenCV's `warpPerspective`): pixel (0, 0)
 * of the result is the region's corner itself.
 *
 * @param result takes it; networks that look at picture after picture keep one @default a new array
 * @returns planes of red, green and blue, `3 * size * size`
 * @throws InvalidInput when the picture has more or fewer bytes than its size says
 */
export function sampleRegion(
  picture: Picture,
  region: Region,
  sampling: Sampling,
  result = new Float32Array(3 * sampling.size * sampling.size),
): Float32Array {
  const {
    size,
    range: [low, high],
    outside,
    mirrored = false,
  } = sampling;
  const { width, height, rgb } = picture;
  if (rgb.length !== width * height * 3) {
    throw new InvalidInput(
      `a picture of ${width} x ${height} has ${rgb.length} bytes, expected ${width * height * 3} of RGB`,
    );
  }
  const plane = size * size;
  // What lies outside stays so.
  if (outside === 'black') result.fill(low);
  const scale = (high - low) / 255;
  const corner = inPicture(region, 0, 0);
  const acrossX = (Math.cos(region.rotation) * region.width) / size;
  const acrossY = (Math.sin(region.rotation) * region.width) / size;
  const downX = (-Math.sin(region.rotation) * region.height) / size;
  const downY = (Math.cos(region.rotation) * region.height) / size;
  /** Of a pixel's first byte, or BLACK. */
  const offsetOf = (x: number, y: number): number => {
    if (x >= 0 && x < width && y >= 0 && y < height) return (y * width + x) * 3;
    if (outside === 'black') return BLACK;
    return (Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))) * 3;
  };
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = corner.x + column * acrossX + row * downX;
      const y = corner.y + column * acrossY + row * downY;
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (outside === 'black' && (left < -1 || top < -1 || left >= width || top >= height)) continue;
      const right = scale * (x - left);
      const bottom = y - top;
      const fourth = right * bottom;
      const second = right - fourth;
      const third = scale * bottom - fourth;
      const first = scale - right - third;
      const target = row * size + (mirrored ? size - 1 - column : column);
      // Nearly all pixels are inside, where their neighbours need no check.
      if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
        const at = (top * width + left) * 3;
        const below = at + width * 3;
        result[target] =
          low + first * rgb[at]! + second * rgb[at + 3]! + third * rgb[below]! + fourth * rgb[below + 3]!;
        result[plane + target] =
          low +
          first * rgb[at + 1]! +
          second * rgb[at + 4]! +
          third * rgb[below + 1]! +
          fourth * rgb[below + 4]!;
        result[2 * plane + target] =
          low +
          first * rgb[at + 2]! +
          second * rgb[at + 5]! +
          third * rgb[below + 2]! +
          fourth * rgb[below + 5]!;
        continue;
      }
      const offsets = [
        offsetOf(left, top),
        offsetOf(left + 1, top),
        offsetOf(left, top + 1),
        offsetOf(left + 1, top + 1),
      ];
      const shares = [first, second, third, fourth];
      for (let channel = 0; channel < 3; channel++) {
        let value = low;
        for (let neighbour = 0; neighbour < 4; neighbour++) {
          const offset = offsets[neighbour]!;
          if (offset !== BLACK) value += shares[neighbour]! * rgb[offset + channel]!;
        }
        result[channel * plane + target] = value;
      }
    }
  }
  return result;
}
