import { Tensor } from '../../../../platform/onnx-runtime.js';
import { readModelFiles } from '../model-files.js';
import { floatsOf, openNetwork } from '../network.js';
import type { Picture } from '../picture/picture.js';
import { sampleRegion, squareAround } from '../picture/region.js';
import { ANCHORS, decodeFaces, INPUT_SIZE, VALUES_PER_BOX, type DetectedFace } from './decode-faces.js';
import { mergeOverlapping } from './merge-overlapping.js';

/** Finds faces in one picture after the other: the next one once the answer is there. */
export interface FaceDetector {
  readonly name: string;
  readonly version: string;
  /**
   * The faces of a picture, best first. A face narrower than a fifteenth of the picture's longer side may be missed.
   *
   * @param minScore from 0 to 1 @default 0.5
   */
  detect(picture: Picture, minScore?: number): Promise<DetectedFace[]>;
  release(): Promise<void>;
}

/** MediaPipe's for this network: two boxes that share more are the same face. */
const MIN_OVERLAP = 0.3;
const DEFAULT_MIN_SCORE = 0.5;

/**
 * Opens BlazeFace, full range (Bazarevsky et al., 2019, arXiv:1907.05047), in a model's folder.
 *
 * @throws ModelInvalid when anything about the folder is not as its manifest says
 */
export async function openFaceDetector(folder: string): Promise<FaceDetector> {
  const { manifest, artefacts } = readModelFiles(folder, ['network']);
  const network = await openNetwork(artefacts.network, `model ${manifest.name} ${manifest.version}`, {
    inputs: ['image'],
    outputs: ['boxes', 'scores'],
  });
  const input = new Float32Array(3 * INPUT_SIZE * INPUT_SIZE);
  return {
    name: manifest.name,
    version: manifest.version,
    async detect(picture, minScore = DEFAULT_MIN_SCORE) {
      const region = squareAround(picture);
      const sampling = { size: INPUT_SIZE, range: [-1, 1], outside: 'black' } as const;
      const sampled = sampleRegion(picture, region, sampling, input);
      const image = new Tensor('float32', sampled, [1, 3, INPUT_SIZE, INPUT_SIZE]);
      const outputs = await network.run({ image });
      const boxes = floatsOf(outputs, 'boxes', ANCHORS * VALUES_PER_BOX);
      const scores = floatsOf(outputs, 'scores', ANCHORS);
      return mergeOverlapping(decodeFaces(boxes, scores, region, minScore), MIN_OVERLAP);
    },
    release: () => network.release(),
  };
}
