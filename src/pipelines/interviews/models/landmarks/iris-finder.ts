import { Tensor } from '../../../../platform/onnx-runtime.js';
import { readModelFiles } from '../model-files.js';
import { floatsOf, openNetwork } from '../network.js';
import type { Picture } from '../picture/picture.js';
import { sampleRegion, tiltOf, type Region } from '../picture/region.js';
import { projectLandmarks, type Landmark } from './landmark.js';

/** Finds the irises of one face after the other: the next ones once the answer is there. */
export interface IrisFinder {
  readonly name: string;
  readonly version: string;
  /**
   * Both eyes, in one run.
   *
   * @param landmarks of the mesh, in pixels of this picture
   * @returns undefined for a face smaller than `MIN_FACE_PIXELS`: an iris is a few pixels there, and what is said of it chance
   */
  irises(picture: Picture, landmarks: readonly Landmark[]): Promise<Eyes | undefined>;
  release(): Promise<void>;
}

/** The person's own right and left. */
export interface Eyes {
  right: Eye;
  left: Eye;
}

export interface Eye {
  /** The centre, then the rim: towards the nose, above, away from the nose, below. */
  iris: readonly Landmark[];
  /** 71 points: the lids first, then what is around the eye, and the brow. */
  contour: readonly Landmark[];
}

/** Larger side of the box around the landmarks. */
export const MIN_FACE_PIXELS = 120;

const INPUT_SIZE = 64;
const CONTOUR_VALUES = 3 * 71;
const IRIS_VALUES = 3 * 5;
/** The corners of an eye, and as much again around them (`iris_landmark_landmarks_to_roi.pbtxt`). */
const REGION_SCALE = 2.3;
/** Corners of each eye in the mesh, from left to right in the picture. The network knows right eyes: left ones are mirrored. */
const EYES = {
  right: { corners: [33, 133], mirrored: false },
  left: { corners: [362, 263], mirrored: true },
} as const;

/** Where the network looks: a square around the corners of an eye, which are level in it. */
export function eyeRegion(landmarks: readonly Landmark[], eye: keyof Eyes): Region {
  const [from, to] = EYES[eye].corners.map((index) => landmarks[index]!) as [Landmark, Landmark];
  const side = REGION_SCALE * Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  return {
    centre: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 },
    width: side,
    height: side,
    rotation: tiltOf(from, to),
  };
}

/**
 * Opens MediaPipe's iris network (Ablavatski et al., 2020, arXiv:2006.11341) in a model's folder.
 *
 * @throws ModelInvalid when anything about the folder is not as its manifest says
 */
export async function openIrisFinder(folder: string): Promise<IrisFinder> {
  const { manifest, artefacts } = readModelFiles(folder, ['network']);
  const network = await openNetwork(artefacts.network, `model ${manifest.name} ${manifest.version}`, {
    inputs: ['image'],
    outputs: ['contours', 'iris'],
  });
  const images = new Float32Array(2 * 3 * INPUT_SIZE * INPUT_SIZE);
  return {
    name: manifest.name,
    version: manifest.version,
    async irises(picture, landmarks) {
      if (sizeOf(landmarks) < MIN_FACE_PIXELS) return undefined;
      const sides = ['right', 'left'] as const;
      const regions = sides.map((side) => eyeRegion(landmarks, side));
      sides.forEach((side, index) => {
        const { mirrored } = EYES[side];
        const sampling = { size: INPUT_SIZE, range: [0, 1], outside: 'nearest', mirrored } as const;
        const half = images.length / 2;
        sampleRegion(picture, regions[index]!, sampling, images.subarray(index * half, (index + 1) * half));
      });
      const outputs = await network.run({
        image: new Tensor('float32', images, [2, 3, INPUT_SIZE, INPUT_SIZE]),
      });
      const contours = floatsOf(outputs, 'contours', 2 * CONTOUR_VALUES);
      const irises = floatsOf(outputs, 'iris', 2 * IRIS_VALUES);
      const [right, left] = sides.map((side, index): Eye => {
        const project = (values: Float32Array, length: number): Landmark[] =>
          projectLandmarks(
            values.subarray(index * length, (index + 1) * length),
            INPUT_SIZE,
            regions[index]!,
            EYES[side].mirrored,
          );
        return { iris: project(irises, IRIS_VALUES), contour: project(contours, CONTOUR_VALUES) };
      });
      return { right: right!, left: left! };
    },
    release: () => network.release(),
  };
}

/** Pixels of the larger side of the box around landmarks. */
function sizeOf(landmarks: readonly Landmark[]): number {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of landmarks) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return Math.max(right - left, bottom - top);
}
