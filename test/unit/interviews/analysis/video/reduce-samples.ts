import { reduceVideo } from '../../../../../src/pipelines/interviews/analysis/video/reduce-video.js';
import type { VideoMeasures } from '../../../../../src/pipelines/interviews/contract/video-measures.js';
import type { VideoSample } from '../../../../../src/pipelines/interviews/contract/video-sample.js';
import { ENGINES, facts, samples } from './samples.js';

/** Measures of a picture that ends at `end` seconds, with a place for a sample in each second. */
export function reduce(taken: readonly VideoSample[], end: number): VideoMeasures {
  return reduceVideo(taken, facts(end), { every: 1, engines: ENGINES });
}

/** Measures of a picture with a sample in each of its seconds. */
export function reduceSeconds(seconds: number, fields?: (k: number) => Partial<VideoSample>): VideoMeasures {
  return reduce(samples(seconds, fields), seconds);
}

export const between = (k: number, from: number, to: number): boolean => k >= from && k < to;
