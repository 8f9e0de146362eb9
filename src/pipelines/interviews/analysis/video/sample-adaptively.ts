import type { MediaFacts, VideoFacts } from '../../contract/media-facts.js';
import type { VideoSample } from '../../contract/video-sample.js';
import { createMayHaveChanged } from './may-have-changed.js';

/** Seconds on the container's clock, multiples of `every`; `to` is exclusive. */
export interface SampledStretch {
  from: number;
  to: number;
  every: number;
}

/** As the media engine samples one medium. */
export type SampleVideo = (
  stretch: SampledStretch & { frames: 'all' | 'keyframes' },
) => Promise<VideoSample[]>;

/**
 * Looks at keyframes first, which are decoded alone, and then at all places of those groups of pictures within which something may have
 * changed. A sample of the others stands for the places until the next keyframe (`until`). What a stretch's samples are does not depend
 * on where it begins and ends: keyframes around it are looked at as well.
 *
 * @param facts of the medium, which has video
 */
export async function sampleAdaptively(
  sampleVideo: SampleVideo,
  { video }: Pick<MediaFacts, 'video'>,
  { from, to, every }: SampledStretch,
): Promise<VideoSample[]> {
  if (video === undefined) return [];
  const [first, end] = [Math.round(from / every), Math.round(to / every)];
  const sample = (k: number, endK: number, frames: 'all' | 'keyframes'): Promise<VideoSample[]> =>
    sampleVideo({ from: k * every, to: endK * every, every, frames });

  const around = keyframesAround(video, first, end, every);
  const keyframes = await sample(around.first, around.end, 'keyframes');
  const groups = groupsOf(keyframes, first, end);
  const mayHaveChanged = createMayHaveChanged(video, every);
  const looked = groups.filter(({ opening, next, k, endK }) => {
    if (opening === undefined || next === undefined) return endK > k;
    return endK > k && mayHaveChanged(opening, next);
  });
  const samples = new Map<number, VideoSample>();
  for (const { k, endK } of joined(looked)) {
    for (const each of await sample(Math.max(first, k), Math.min(end, endK), 'all'))
      samples.set(each.k, each);
  }
  // After the others: the sample of a place with a keyframe is the keyframe, whether its neighbours were looked at or not.
  for (const each of keyframes) samples.set(each.k, each);
  for (const group of groups) {
    const { opening, k, endK } = group;
    if (opening !== undefined && endK > k && !looked.includes(group))
      samples.set(opening.k, { ...opening, until: endK - 1 });
  }
  return [...samples.values()].filter(({ k }) => k >= first && k < end).sort((one, other) => one.k - other.k);
}

/** Places between two keyframes' own, the second one exclusive. */
interface Group {
  opening?: VideoSample | undefined;
  next?: VideoSample | undefined;
  k: number;
  endK: number;
}

/** From the place of the last keyframe up to the first one, to that of the next keyframe, inclusive: their groups are whole. */
function keyframesAround(
  { keyframes }: VideoFacts,
  first: number,
  end: number,
  every: number,
): { first: number; end: number } {
  const places = keyframes.map(({ time }) => Math.floor(time / every));
  const before = places.filter((k) => k <= first).at(-1) ?? first;
  const after = places.find((k) => k >= end) ?? end;
  return { first: before, end: Math.max(end, after + 1) };
}

function groupsOf(keyframes: readonly VideoSample[], first: number, end: number): Group[] {
  const openings = [undefined, ...keyframes];
  return openings.map((opening, index): Group => {
    const next = keyframes[index];
    return { opening, next, k: opening === undefined ? first : opening.k + 1, endK: next?.k ?? end };
  });
}

/** Groups that follow each other are decoded in one go, over the keyframe between them. */
function joined(groups: readonly Group[]): { k: number; endK: number }[] {
  const stretches: { k: number; endK: number }[] = [];
  for (const { k, endK } of groups) {
    const last = stretches.at(-1);
    if (last !== undefined && k <= last.endK + 1) last.endK = Math.max(last.endK, endK);
    else stretches.push({ k, endK });
  }
  return stretches;
}
