import type { MediaFacts, VideoFacts } from '../../../../../src/pipelines/interviews/contract/media-facts.js';
import type {
  SampledFace,
  VideoSample,
} from '../../../../../src/pipelines/interviews/contract/video-sample.js';
import type { VideoEngines } from '../../../../../src/pipelines/interviews/analysis/video/video-engines.js';

export const ENGINES: VideoEngines = {
  faces: { name: 'faces', version: '1' },
  mesh: { name: 'mesh', version: '1' },
  irises: { name: 'irises', version: '1' },
};

export function face(fields: Partial<SampledFace> = {}): SampledFace {
  return {
    score: 0.9,
    box: { x: 0.4, y: 0.3, width: 0.2, height: 0.3 },
    pose: { yaw: 0, pitch: 0, roll: 0 },
    eyes: { x: 0, y: 0 },
    ...fields,
  };
}

export const OTHER_FACE = face({ box: { x: 0.75, y: 0.4, width: 0.1, height: 0.15 } });

/** One frame at the beginning of its place; no two places have the same picture. */
export function sample(k: number, fields: Partial<VideoSample> = {}): VideoSample {
  return {
    ...{ k, time: k, faces: [face()], brightness: 0.5, sharpness: 200, signature: pictureNumber(k) },
    ...fields,
  };
}

/** Signatures of different numbers are far apart. */
export function pictureNumber(number: number): string {
  const numbers = new Float32Array(16).fill(number + 1);
  return Buffer.from(numbers.buffer).toString('base64');
}

export function samples(
  count: number,
  fields: (k: number) => Partial<VideoSample> = () => ({}),
): VideoSample[] {
  return Array.from({ length: count }, (_, k) => sample(k, fields(k)));
}

export function facts(
  end: number,
  fields: Partial<VideoFacts> = {},
): Pick<MediaFacts, 'video' | 'container'> {
  const video = { codec: 'h264', width: 1280, height: 720, rotation: 0 as const, frames: 1, reorder: 0 };
  return { container: 'mov', video: { ...video, start: 0, end, keyframes: [], ...fields } };
}
