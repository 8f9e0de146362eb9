import type { VideoFacts } from '../../contract/media-facts.js';
import type { SampledFace, VideoSample } from '../../contract/video-sample.js';
import { mainFaces } from './main-face.js';
import { medianOf } from './weighted.js';

/** Somebody may come and leave again between two keyframes: what is longer is looked at in any case. */
const LONGEST_UNSEEN_SECONDS = 20;
/** Well below what counts as turned: two keyframes on both sides of that limit differ by little. */
const YAW_DEGREES = 5;
const PITCH_DEGREES = 8;
/** Of mean luma, from 0 to 1. */
const BRIGHTNESS = 0.05;
/** Of the box's centre, in parts of the picture: the person sits elsewhere. */
const PLACE = 0.15;

/** Times the usual size: somebody comes in, or goes, and the coder has to draw anew what was not to be foreseen. */
const BURST = 4;

/** Tells whether anything that results speak of may have changed between two keyframes that follow each other. */
export type MayHaveChanged = (one: VideoSample, other: VideoSample) => boolean;

/**
 * By the number of faces, where the person is and looks, the light; and, where the index knows them, by packets far larger than is
 * usual in this video: somebody may have come and left again in between.
 *
 * @param every seconds between samples
 */
export function createMayHaveChanged(
  { packet_bytes: sizes = [], start }: VideoFacts,
  every: number,
): MayHaveChanged {
  const usual = medianOf(sizes.map((value) => ({ value, seconds: 1 }))) ?? 0;
  const isBurst = (from: number, to: number): boolean =>
    sizes
      .slice(
        Math.max(0, Math.floor(from) - Math.floor(start)),
        Math.max(0, Math.ceil(to) - Math.floor(start)),
      )
      .some((size) => size > BURST * usual);
  return (one, other) => {
    if ((other.k - one.k) * every > LONGEST_UNSEEN_SECONDS) return true;
    if (one.faces.length !== other.faces.length) return true;
    if (Math.abs(one.brightness - other.brightness) > BRIGHTNESS) return true;
    if (usual > 0 && isBurst(one.time, other.time)) return true;
    const [before, after] = [one, other].map(mainFace);
    return before !== undefined && after !== undefined && faceChanged(before, after);
  };
}

function mainFace(sample: VideoSample): SampledFace | undefined {
  return mainFaces([{ sample, start: 0, end: 0 }])[0]?.face;
}

function faceChanged(before: SampledFace, after: SampledFace): boolean {
  const centre = ({ box }: SampledFace): [number, number] => [box.x + box.width / 2, box.y + box.height / 2];
  const [[x, y], [afterX, afterY]] = [centre(before), centre(after)];
  if (Math.hypot(x - afterX, y - afterY) > PLACE) return true;
  if ((before.pose === undefined) !== (after.pose === undefined)) return true;
  if (before.pose === undefined || after.pose === undefined) return false;
  return (
    Math.abs(before.pose.yaw - after.pose.yaw) > YAW_DEGREES ||
    Math.abs(before.pose.pitch - after.pose.pitch) > PITCH_DEGREES
  );
}
