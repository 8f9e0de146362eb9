import { Tensor } from '../../../../platform/onnx-runtime.js';
import type { DetectedFace } from '../faces/decode-faces.js';
import { readModelFiles } from '../model-files.js';
import { floatsOf, openNetwork } from '../network.js';
import type { Picture } from '../picture/picture.js';
import { sampleRegion, tiltOf, type Region } from '../picture/region.js';
import { projectLandmarks, type Landmark } from './landmark.js';

/** Finds landmarks on one face after the other: the next one once the answer is there. */
export interface FaceLandmarker {
  readonly name: string;
  readonly version: string;
  /** @param face as the detector has found it in this picture */
  landmarks(picture: Picture, face: DetectedFace): Promise<FaceLandmarks>;
  release(): Promise<void>;
}

export interface FaceLandmarks {
  /** How sure the network is that there is a face, from 0 to 1; MediaPipe takes no landmarks from it up to 0.5. */
  presence: number;
  /** In the order of MediaPipe's canonical face mesh. */
  points: readonly Landmark[];
}

const POINTS = 468;
const INPUT_SIZE = 192;
/** A detected face is from brows to chin; the mesh wants all of the head. */
const REGION_SCALE = 1.5;

/** Where the mesh looks: a square around the face, its eyes level (`face_detection_front_detection_to_roi.pbtxt`). */
export function headRegion({ box, points }: DetectedFace): Region {
  const side = REGION_SCALE * Math.max(box.width, box.height);
  return {
    centre: { x: box.x + box.width / 2, y: box.y + box.height / 2 },
    width: side,
    height: side,
    rotation: tiltOf(points[0]!, points[1]!),
  };
}

/**
 * Opens MediaPipe's face mesh (Kartynnik et al., 2019, arXiv:1907.06724) in a model's folder.
 *
 * @throws ModelInvalid when anything about the folder is not as its manifest says
 */
export async function openFaceLandmarker(folder: string): Promise<FaceLandmarker> {
  const { manifest, artefacts } = readModelFiles(folder, ['network']);
  const network = await openNetwork(artefacts.network, `model ${manifest.name} ${manifest.version}`, {
    inputs: ['image'],
    outputs: ['landmarks', 'presence'],
  });
  const input = new Float32Array(3 * INPUT_SIZE * INPUT_SIZE);
  return {
    name: manifest.name,
    version: manifest.version,
    async landmarks(picture, face) {
      const region = headRegion(face);
      const sampling = { size: INPUT_SIZE, range: [0, 1], outside: 'nearest' } as const;
      const sampled = sampleRegion(picture, region, sampling, input);
      const image = new Tensor('float32', sampled, [1, 3, INPUT_SIZE, INPUT_SIZE]);
      const outputs = await network.run({ image });
      const [presence] = floatsOf(outputs, 'presence', 1);
      return {
        presence: 1 / (1 + Math.exp(-presence!)),
        points: projectLandmarks(floatsOf(outputs, 'landmarks', 3 * POINTS), INPUT_SIZE, region),
      };
    },
    release: () => network.release(),
  };
}
