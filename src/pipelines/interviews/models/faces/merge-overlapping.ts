import type { Point } from '../picture/picture.js';
import type { Box, DetectedFace } from './decode-faces.js';

/**
 * Makes one face of those that overlap: MediaPipe's weighted non-maximum suppression (`NonMaxSuppressionCalculator`,
 * `algorithm: WEIGHTED`). The best face takes all that overlap it, and becomes their mean by score; its score stays.
 *
 * @param minOverlap intersection over union above which two are the same face
 * @returns best first
 */
export function mergeOverlapping(faces: readonly DetectedFace[], minOverlap: number): DetectedFace[] {
  const merged: DetectedFace[] = [];
  let remaining = [...faces].sort((one, other) => other.score - one.score);
  while (remaining.length > 0) {
    const best = remaining[0]!;
    const same = remaining.filter((face) => face === best || overlap(face.box, best.box) > minOverlap);
    merged.push(meanOf(same, best.score));
    remaining = remaining.filter((face) => !same.includes(face));
  }
  return merged;
}

/** Intersection over union, from 0 to 1. */
export function overlap(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}

function meanOf(faces: readonly DetectedFace[], score: number): DetectedFace {
  const total = faces.reduce((sum, face) => sum + face.score, 0);
  const mean = (value: (face: DetectedFace) => number): number =>
    faces.reduce((sum, face) => sum + value(face) * face.score, 0) / total;
  const point = (index: number): Point => ({
    x: mean(({ points }) => points[index]!.x),
    y: mean(({ points }) => points[index]!.y),
  });
  return {
    score,
    box: {
      x: mean(({ box }) => box.x),
      y: mean(({ box }) => box.y),
      width: mean(({ box }) => box.width),
      height: mean(({ box }) => box.height),
    },
    points: faces[0]!.points.map((_, index) => point(index)),
  };
}
