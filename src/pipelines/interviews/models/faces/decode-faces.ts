import { inPicture, type Region } from '../picture/region.js';
import type { Point } from '../picture/picture.js';

/** Pixels along each side of the network's input. */
export const INPUT_SIZE = 192;
/** One anchor for every four pixels, in the middle of them. */
const ANCHORS_PER_SIDE = 48;
export const ANCHORS = ANCHORS_PER_SIDE * ANCHORS_PER_SIDE;
/** Centre, size and six key points, each of two numbers. */
export const VALUES_PER_BOX = 16;
const KEY_POINTS = 6;

/** Left, top, width and height, in pixels of the picture. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A face; right and left are the person's own. */
export interface DetectedFace {
  /** From 0 to 1. */
  score: number;
  /** From the brows to the chin. */
  box: Box;
  /** Right eye, left eye, tip of the nose, mouth, right ear, left ear, in pixels of the picture. */
  points: readonly Point[];
}

/**
 * What the network says of each anchor, as faces of the picture: MediaPipe's `TensorsToDetectionsCalculator` with the options of
 * `face_detection_full_range_common.pbtxt` (one layer of stride 4, anchors of size 1, scores through a sigmoid).
 *
 * @param boxes `[ANCHORS, VALUES_PER_BOX]`, in pixels of the network's input, from the anchor's centre
 * @param scores `[ANCHORS]`, before the sigmoid
 * @param region what the network saw; its rotation is 0
 * @param minScore from 0 to 1; others are left out
 */
export function decodeFaces(
  boxes: Float32Array,
  scores: Float32Array,
  region: Region,
  minScore: number,
): DetectedFace[] {
  const faces: DetectedFace[] = [];
  // Nearly all anchors are far below, and need no exponential to say so.
  const hopeless = Math.log(minScore / (1 - minScore)) - 1e-3;
  for (let anchor = 0; anchor < ANCHORS; anchor++) {
    if (scores[anchor]! < hopeless) continue;
    const score = 1 / (1 + Math.exp(-scores[anchor]!));
    if (score < minScore) continue;
    const across = ((anchor % ANCHORS_PER_SIDE) + 0.5) / ANCHORS_PER_SIDE;
    const down = (Math.floor(anchor / ANCHORS_PER_SIDE) + 0.5) / ANCHORS_PER_SIDE;
    const value = (index: number): number => boxes[anchor * VALUES_PER_BOX + index]! / INPUT_SIZE;
    const place = (index: number): Point => inPicture(region, across + value(index), down + value(index + 1));
    const [width, height] = [value(2) * region.width, value(3) * region.height];
    if (!(width > 0 && height > 0)) continue;
    const centre = place(0);
    faces.push({
      score,
      box: { x: centre.x - width / 2, y: centre.y - height / 2, width, height },
      points: Array.from({ length: KEY_POINTS }, (_, point) => place(4 + 2 * point)),
    });
  }
  return faces;
}
