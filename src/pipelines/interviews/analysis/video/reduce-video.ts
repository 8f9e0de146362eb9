import type { MediaFacts } from '../../contract/media-facts.js';
import type { VideoMeasures } from '../../contract/video-measures.js';
import type { VideoSample } from '../../contract/video-sample.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { secondsOf } from './cell-runs.js';
import { mainFaces } from './main-face.js';
import { reduceFaces, reducePosition } from './reduce-faces.js';
import { reduceEyes, reduceHead } from './reduce-look.js';
import { reducePicture } from './reduce-picture.js';
import { gridOf } from './sample-cells.js';
import type { VideoEngines } from './video-engines.js';

export interface VideoReduction {
  /** Seconds between samples. */
  every: number;
  /** What has measured the samples. */
  engines: VideoEngines;
}

/**
 * What all samples of a medium say together. It takes the samples themselves, whatever chunks they were taken in: the result is the
 * same for the same samples.
 *
 * @param samples in any order; of two of the same place the first counts
 * @throws InvalidInput for a medium without video
 */
export function reduceVideo(
  samples: readonly VideoSample[],
  { video, container }: Pick<MediaFacts, 'video' | 'container'>,
  { every, engines }: VideoReduction,
): VideoMeasures {
  if (video === undefined)
    throw new InvalidInput(`a ${container} medium without video has no measures of it`);
  const { cells, expected } = gridOf(inOrder(samples), video, every);
  const duration = Math.max(0, video.end - video.start);
  const measured = secondsOf(cells);
  const mains = mainFaces(cells);
  return {
    sampling: {
      every,
      expected,
      taken: cells.filter(({ held }) => held === undefined).length,
      held: cells.filter(({ held }) => held !== undefined).length,
    },
    faces: reduceFaces(cells, duration, engines.faces),
    position: reducePosition(mains, measured, engines.faces),
    head: reduceHead(mains, engines.mesh),
    eyes: reduceEyes(mains, engines.irises),
    picture: reducePicture(cells, duration),
  };
}

function inOrder(samples: readonly VideoSample[]): VideoSample[] {
  const seen = new Map<number, VideoSample>();
  for (const sample of samples) if (!seen.has(sample.k)) seen.set(sample.k, sample);
  return [...seen.values()].sort((one, other) => one.k - other.k);
}
