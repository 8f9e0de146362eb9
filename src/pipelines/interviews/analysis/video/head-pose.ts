import type { SampledFace } from '../../contract/video-sample.js';
import type { Point } from '../../models/picture/picture.js';
import { RIGID_POINTS } from './canonical-face.js';

type Vector = readonly [number, number, number];

/** The canonical face about its weighted centre. */
const FACE = centred();
/** Of the weighted least squares below; the same for every face. */
const INVERSE = inverse(covariance());

/**
 * Which way a head looks: the canonical face as it must be turned, and drawn without perspective, to come closest to the landmarks
 * (weighted least squares; DeMenthon and Davis, 1995, "Model-based object pose in 25 lines of code", its first step). The landmarks' own
 * depth is not used: it is what the network knows least. A face shaped unlike the canonical one shifts all its poses alike, so they
 * are compared with the same person's others.
 *
 * @param landmarks in the order of the mesh
 * @returns degrees; positive are the person's left, up, and clockwise in the picture
 */
export function poseOf(landmarks: readonly Point[]): NonNullable<SampledFace['pose']> {
  const right = fit(landmarks, ({ x }) => x);
  const up = fit(landmarks, ({ y }) => -y);
  const scale = (Math.hypot(...right) + Math.hypot(...up)) / 2;
  // Where the tip of the nose points, in the picture's axes.
  const [x, y] = [right[2] / scale, up[2] / scale];
  const towardsViewer = Math.sqrt(Math.max(0, 1 - x * x - y * y));
  return {
    yaw: degrees(Math.atan2(x, towardsViewer)),
    pitch: degrees(Math.atan2(y, towardsViewer)),
    roll: degrees(Math.atan2(-up[0], right[0])),
  };
}

/** How one coordinate of the picture rises along each axis of the canonical face. */
function fit(landmarks: readonly Point[], coordinate: (point: Point) => number): Vector {
  const sums: [number, number, number] = [0, 0, 0];
  for (const { index, place, weight } of FACE) {
    const value = weight * coordinate(landmarks[index]!);
    // No centre is taken from the landmarks: the places' weighted sum is zero.
    for (let axis = 0; axis < 3; axis++) sums[axis]! += value * place[axis]!;
  }
  return INVERSE.map((row) => row[0] * sums[0] + row[1] * sums[1] + row[2] * sums[2]) as unknown as Vector;
}

function centred(): { index: number; place: Vector; weight: number }[] {
  const total = RIGID_POINTS.reduce((sum, [, , , , weight]) => sum + weight, 0);
  const mean = ([1, 2, 3] as const).map(
    (axis) => RIGID_POINTS.reduce((sum, point) => sum + point[axis] * point[4], 0) / total,
  );
  return RIGID_POINTS.map(([index, x, y, z, weight]) => ({
    ...{ index, weight },
    place: [x - mean[0]!, y - mean[1]!, z - mean[2]!] as const,
  }));
}

function covariance(): number[][] {
  return [0, 1, 2].map((row) =>
    [0, 1, 2].map((column) =>
      FACE.reduce((sum, { place, weight }) => sum + weight * place[row]! * place[column]!, 0),
    ),
  );
}

/** Of a symmetric 3 × 3 matrix, by cofactors. */
function inverse(matrix: number[][]): Vector[] {
  const cofactor = (row: number, column: number): number => {
    const [r1, r2] = [0, 1, 2].filter((index) => index !== row) as [number, number];
    const [c1, c2] = [0, 1, 2].filter((index) => index !== column) as [number, number];
    const minor = matrix[r1]![c1]! * matrix[r2]![c2]! - matrix[r1]![c2]! * matrix[r2]![c1]!;
    return (row + column) % 2 === 0 ? minor : -minor;
  };
  const determinant = [0, 1, 2].reduce((sum, column) => sum + matrix[0]![column]! * cofactor(0, column), 0);
  return [0, 1, 2].map(
    (row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant) as unknown as Vector,
  );
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
