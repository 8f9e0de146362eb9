import { InvalidInput } from '../../../../platform/errors.js';
import { givenPicture, kernelRoom, pictureKernel } from './kernel/picture-kernel.js';
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

/** Of the largest input of a network. */
const planes = kernelRoom(3 * 192 ** 2 * Float32Array.BYTES_PER_ELEMENT);

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
  const count = 3 * size * size;
  const { kernel } = pictureKernel();
  const from = givenPicture.put(rgb);
  const corner = inPicture(region, 0, 0);
  const [cos, sin] = [Math.cos(region.rotation), Math.sin(region.rotation)];
  kernel.sampleRegion(
    from,
    width,
    height,
    planes.reserve(count * Float32Array.BYTES_PER_ELEMENT),
    size,
    mirrored,
    outside === 'black',
    low,
    (high - low) / 255,
    corner.x,
    corner.y,
    (cos * region.width) / size,
    (sin * region.width) / size,
    (-sin * region.height) / size,
    (cos * region.height) / size,
  );
  result.set(planes.floats(count));
  return result;
}
