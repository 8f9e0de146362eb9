import type { VideoFacts } from '../../contract/media-facts.js';
import type { VideoSample } from '../../contract/video-sample.js';

/** A place of the grid, and the sample that stands for it. */
export interface Cell {
  sample: VideoSample;
  /** Why the sample before stands for it; undefined where it is the place's own. */
  held?: 'lasting frame' | 'not looked at';
  /** Seconds on the container's clock: from halfway to the sample before until halfway to the next one. */
  start: number;
  end: number;
}

/** A frame may last: cameras that run dry, screens that do not move. Longer than this, it counts as not measured. */
const LONGEST_HOLD_SECONDS = 5;

export interface Grid {
  /** In order; places that were not measured are left out. */
  cells: readonly Cell[];
  /** Places that the picture's duration has. */
  expected: number;
}

/**
 * The places of the grid with what was measured there. A change between two samples lies halfway between them: wrong by at most half
 * the time between samples, wherever it was. The cells of a picture that was measured all along add up to its duration.
 *
 * @param samples in order of `k`, each place at most once
 * @param every seconds between samples
 */
export function gridOf(samples: readonly VideoSample[], { start, end }: VideoFacts, every: number): Grid {
  const first = Math.floor(start / every);
  const last = Math.max(first, Math.ceil(end / every) - 1, samples.at(-1)?.k ?? first);
  const byPlace = new Map(samples.map((sample) => [sample.k, sample]));
  const places: { k: number; time: number; sample: VideoSample; held?: NonNullable<Cell['held']> }[] = [];
  let before: VideoSample | undefined;
  for (let k = first; k <= last; k++) {
    const own = byPlace.get(k);
    if (own !== undefined) {
      places.push({ k, time: own.time, sample: own });
      before = own;
    } else if (before !== undefined) {
      if (k <= (before.until ?? before.k))
        places.push({ k, time: k * every, sample: before, held: 'not looked at' });
      else if ((k - before.k) * every <= LONGEST_HOLD_SECONDS)
        places.push({ k, time: k * every, sample: before, held: 'lasting frame' });
    }
  }
  const within = (time: number): number => Math.min(end, Math.max(start, time));
  const cells = places.map(({ k, time, sample, held }, index): Cell => {
    const previous = places[index - 1];
    const next = places[index + 1];
    const from = k === first ? start : previous?.k === k - 1 ? (previous.time + time) / 2 : k * every;
    const to = k === last ? end : next?.k === k + 1 ? (time + next.time) / 2 : (k + 1) * every;
    return { sample, ...(held && { held }), start: within(from), end: Math.max(within(from), within(to)) };
  });
  return { cells, expected: last - first + 1 };
}
