import { openFaceDetector } from '#vachan/pipelines/interviews/models/faces/face-detector.js';
import { unpackPicture, type Golden, type PackedPicture } from './golden.js';

/** Faces that MediaPipe finds in a drawn picture; pixels. */
export interface FacesGolden extends Golden {
  picture: PackedPicture;
  faces: { score: number; box: [number, number, number, number]; points: [number, number][] }[];
}

/** Greatest distance in pixels of a box's edge or a key point from MediaPipe's; infinite where the number of faces differs. */
export async function verifyFaces(folder: string, golden: FacesGolden): Promise<number> {
  const detector = await openFaceDetector(folder);
  const found = await detector.detect(unpackPicture(golden.picture));
  await detector.release();
  if (found.length !== golden.faces.length) return Infinity;
  const distances = golden.faces.flatMap(({ box: [x, y, width, height], points }, index) => {
    const { box, points: foundPoints } = found[index]!;
    return [
      ...[x - box.x, y - box.y, width - box.width, height - box.height].map(Math.abs),
      ...points.map(([px, py], i) => Math.hypot(px - foundPoints[i]!.x, py - foundPoints[i]!.y)),
    ];
  });
  return Math.max(...distances);
}
