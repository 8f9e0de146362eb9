import { join } from 'node:path';
import type { SampledFace, VideoSample } from '../../contract/video-sample.js';
import type { DetectedFace } from '../../models/faces/decode-faces.js';
import { openFaceDetector } from '../../models/faces/face-detector.js';
import { openFaceLandmarker } from '../../models/landmarks/face-landmarker.js';
import { openIrisFinder } from '../../models/landmarks/iris-finder.js';
import type { Picture } from '../../models/picture/picture.js';
import { eyeOffset } from './eye-offset.js';
import { poseOf } from './head-pose.js';
import { lumaOf } from './luma.js';
import { brightnessOf, sharpnessOf } from './picture-quality.js';
import { signatureOf } from './picture-signature.js';

/** Measures one picture at a time; keeps nothing of it. */
export interface PictureAnalyser {
  /**
   * @param picture upright
   * @param k of the sample
   * @param time of the frame, in seconds on the container's clock
   * @throws InvalidInput when the picture has more or fewer bytes than its size says
   */
  analyse(picture: Picture, k: number, time: number): Promise<VideoSample>;
  release(): Promise<void>;
}

/** Folders of `models/`. */
export const VIDEO_MODELS = {
  faces: 'blazeface-full-range',
  mesh: 'face-mesh',
  irises: 'iris-landmarks',
} as const;

/** The largest two: the person of the interview, and who might be taken for them. Others are counted alone. */
const MEASURED_FACES = 2;
/** MediaPipe's: up to it there is no face where the detector saw one. */
const MIN_PRESENCE = 0.5;

/**
 * Opens the networks for faces, landmarks and eyes.
 *
 * @param modelsFolder with a folder for each model, by its name
 * @throws ModelInvalid when anything about one of them is not as its manifest says
 */
export async function openPictureAnalyser(modelsFolder: string): Promise<PictureAnalyser> {
  const detector = await openFaceDetector(join(modelsFolder, VIDEO_MODELS.faces));
  const landmarker = await openFaceLandmarker(join(modelsFolder, VIDEO_MODELS.mesh));
  const irisFinder = await openIrisFinder(join(modelsFolder, VIDEO_MODELS.irises));

  async function lookOf(picture: Picture, face: DetectedFace): Promise<Pick<SampledFace, 'pose' | 'eyes'>> {
    const { presence, points } = await landmarker.landmarks(picture, face);
    if (presence <= MIN_PRESENCE) return {};
    const pose = poseOf(points);
    if (!isFinite(pose)) return {};
    const irises = await irisFinder.irises(picture, points);
    const eyes = irises && eyeOffset(irises);
    return { pose, ...(eyes !== undefined && isFinite(eyes) && { eyes }) };
  }

  return {
    async analyse(picture, k, time) {
      const found = await detector.detect(picture);
      const measured = largest(found, MEASURED_FACES);
      const faces: SampledFace[] = [];
      for (const face of found) {
        const look = measured.includes(face) ? await lookOf(picture, face) : {};
        faces.push({ score: face.score, box: inParts(face, picture), ...look });
      }
      const luma = lumaOf(picture);
      return {
        ...{ k, time, faces },
        brightness: brightnessOf(luma),
        sharpness: sharpnessOf(luma),
        signature: signatureOf(luma),
      };
    },
    async release() {
      await Promise.all([detector, landmarker, irisFinder].map((network) => network.release()));
    },
  };
}

/** Landmarks that all fall together have no direction. */
function isFinite(measured: object): boolean {
  return Object.values(measured).every((value) => Number.isFinite(value));
}

function largest(faces: readonly DetectedFace[], count: number): readonly DetectedFace[] {
  if (faces.length <= count) return faces;
  const area = ({ box }: DetectedFace): number => box.width * box.height;
  return [...faces].sort((one, other) => area(other) - area(one)).slice(0, count);
}

function inParts({ box }: DetectedFace, { width, height }: Picture): SampledFace['box'] {
  return { x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height };
}
