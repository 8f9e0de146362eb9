import type { SampledFace } from '../../contract/video-sample.js';
import type { Eye, Eyes } from '../../models/landmarks/iris-finder.js';
import type { Point } from '../../models/picture/picture.js';

/** Of the eye's own contour: its corners, from left to right in the network's view of a right eye. */
const OUTER_CORNER = 0;
const INNER_CORNER = 8;

/**
 * How far the irises are from the middle between the corners of the eyes, in halves of the distance between them: the mean of both
 * eyes, so that their turning towards each other on something near cancels out.
 *
 * @returns positive are the person's left, and up
 */
export function eyeOffset({ right, left }: Eyes): NonNullable<SampledFace['eyes']> {
  const ofRight = irisOffset(right, right.contour[OUTER_CORNER]!, right.contour[INNER_CORNER]!);
  const ofLeft = irisOffset(left, left.contour[INNER_CORNER]!, left.contour[OUTER_CORNER]!);
  return { x: (ofRight.x + ofLeft.x) / 2, y: (ofRight.y + ofLeft.y) / 2 };
}

/** @param from the corner on the person's right */
function irisOffset({ iris }: Eye, from: Point, to: Point): Point {
  const half = { x: (to.x - from.x) / 2, y: (to.y - from.y) / 2 };
  const offset = { x: iris[0]!.x - (from.x + to.x) / 2, y: iris[0]!.y - (from.y + to.y) / 2 };
  const square = half.x ** 2 + half.y ** 2;
  const along = (offset.x * half.x + offset.y * half.y) / square;
  const down = (offset.y * half.x - offset.x * half.y) / square;
  return { x: within(along), y: within(-down) };
}

function within(offset: number): number {
  return Math.min(1, Math.max(-1, offset));
}
