import type { Keyframe } from '../contract/media-facts.js';

/** The last keyframe at or before a time. */
export function lastKeyframe(keyframes: readonly Keyframe[], time: number): Keyframe | undefined {
  let [low, high] = [0, keyframes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyframes[middle]!.time <= time) low = middle + 1;
    else high = middle;
  }
  return keyframes[low - 1];
}
