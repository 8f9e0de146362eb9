import type { AudioPart } from '../contract/audio-part.js';
import type { MediaFacts } from '../contract/media-facts.js';
import type { SeriesColumns } from '../contract/result.js';
import type { SampledFace, VideoSample } from '../contract/video-sample.js';

type Column = (number | null)[];

/**
 * What was seen and heard second by second, for drawing. Of a second with several pictures it is the last; a second
 * without one has nulls. A sample that stands for the places behind it as well is drawn there, too.
 *
 * @param samples in the order of their time
 * @param every seconds between two places of the samples' grid
 */
export function seriesColumns(
  facts: MediaFacts,
  samples: readonly VideoSample[],
  every: number,
  audio: AudioPart | undefined,
): SeriesColumns {
  const starts = [facts.video?.start, facts.audio?.start, audio?.start].filter((at) => at !== undefined);
  const ends = [facts.video?.end, facts.audio?.end, audio?.end].filter((at) => at !== undefined);
  const first = starts.length === 0 ? 0 : Math.floor(Math.min(...starts));
  const seconds = ends.length === 0 ? 0 : Math.max(0, Math.ceil(Math.max(...ends)) - first);
  const empty = (): Column => new Array<number | null>(seconds).fill(null);
  const columns = {
    time: Array.from({ length: seconds }, (_, index) => first + index),
    faces: empty(),
    yaw: empty(),
    pitch: empty(),
    brightness: empty(),
    sharpness: empty(),
    level: empty(),
    speech: empty(),
    pitch_hz: empty(),
  };
  const put = (column: Column, at: number, value: number | null | undefined, decimals: number): void => {
    const index = Math.floor(at) - first;
    if (index >= 0 && index < seconds) column[index] = value == null ? null : round(value, decimals);
  };
  for (const { k, time, until = k, faces, brightness, sharpness } of samples) {
    const pose = largest(faces)?.pose;
    for (let place = k; place <= until; place++) {
      const at = place === k ? time : place * every;
      put(columns.faces, at, faces.length, 0);
      put(columns.yaw, at, pose?.yaw, 1);
      put(columns.pitch, at, pose?.pitch, 1);
      put(columns.brightness, at, brightness, 3);
      put(columns.sharpness, at, sharpness, 1);
    }
  }
  for (const { k, level_db, speech, pitch_hz } of audio?.seconds ?? []) {
    put(columns.level, k, level_db, 1);
    put(columns.speech, k, speech, 2);
    put(columns.pitch_hz, k, pitch_hz, 1);
  }
  return columns;
}

/** The one that measures of position, head and eyes are of. */
function largest(faces: readonly SampledFace[]): SampledFace | undefined {
  return faces.reduce<SampledFace | undefined>(
    (most, face) => (most === undefined || area(face) > area(most) ? face : most),
    undefined,
  );
}

function area({ box }: SampledFace): number {
  return box.width * box.height;
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
