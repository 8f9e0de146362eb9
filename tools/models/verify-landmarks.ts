import { openFaceDetector } from '#vachan/pipelines/interviews/models/faces/face-detector.js';
import { openFaceLandmarker } from '#vachan/pipelines/interviews/models/landmarks/face-landmarker.js';
import { openIrisFinder } from '#vachan/pipelines/interviews/models/landmarks/iris-finder.js';
import type { Landmark } from '#vachan/pipelines/interviews/models/landmarks/landmark.js';
import { unpackPicture, type Golden, type PackedPicture } from './golden.js';

/** x, y and depth of each landmark in pixels, flat; scripts/models/golden_landmarks.py writes them. */
type FlatLandmarks = number[];

/** Landmarks that MediaPipe finds on the one face of a drawn picture. */
export interface MeshGolden extends Golden {
  picture: PackedPicture;
  landmarks: FlatLandmarks;
}

/** Irises that MediaPipe finds there. */
export interface IrisGolden extends MeshGolden {
  eyes: Record<'right' | 'left', { iris: FlatLandmarks; contour: FlatLandmarks }>;
}

/** Greatest distance in pixels of a landmark, its depth included, from MediaPipe's: detector and mesh together. */
export async function verifyMesh(
  folders: { detector: string; mesh: string },
  { picture: packed, landmarks }: MeshGolden,
): Promise<number> {
  const detector = await openFaceDetector(folders.detector);
  const landmarker = await openFaceLandmarker(folders.mesh);
  const picture = unpackPicture(packed);
  const [face] = await detector.detect(picture);
  const found = face === undefined ? undefined : await landmarker.landmarks(picture, face);
  await Promise.all([detector.release(), landmarker.release()]);
  // MediaPipe's chain would have given none either.
  return found === undefined || found.presence <= 0.5 ? Infinity : greatestDistance(landmarks, found.points);
}

/** Greatest distance in pixels of an eye's landmark from MediaPipe's, from its landmarks of the face. */
export async function verifyIris(folder: string, { picture, landmarks, eyes }: IrisGolden): Promise<number> {
  const finder = await openIrisFinder(folder);
  const found = await finder.irises(unpackPicture(picture), unflat(landmarks));
  await finder.release();
  if (found === undefined) return Infinity;
  const distances = (['right', 'left'] as const).flatMap((side) => [
    greatestDistance(eyes[side].iris, found[side].iris),
    greatestDistance(eyes[side].contour, found[side].contour),
  ]);
  return Math.max(...distances);
}

export function unflat(values: FlatLandmarks): Landmark[] {
  return Array.from({ length: values.length / 3 }, (_, index) => ({
    x: values[3 * index]!,
    y: values[3 * index + 1]!,
    z: values[3 * index + 2]!,
  }));
}

function greatestDistance(expected: FlatLandmarks, found: readonly Landmark[]): number {
  const wanted = unflat(expected);
  if (wanted.length !== found.length) return Infinity;
  return Math.max(
    ...wanted.map(({ x, y, z }, index) => {
      const landmark = found[index]!;
      return Math.hypot(x - landmark.x, y - landmark.y, z - landmark.z);
    }),
  );
}
