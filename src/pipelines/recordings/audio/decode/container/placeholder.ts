import { TOLERATED_MISSING_SHARE } from './sound-facts.js';

const GIBIBYTE = 2 ** 30;
/** A placeholder is a round number less the header, or less what keeps it divisible: 0x7ffff000, 0x80000024, 0xffffffdb. */
const MOST_BESIDE_ROUND = 2 ** 17;

/**
 * Whether a length was measured, rather than left in a header that its writer could not go back to: 0, or next to 1, 2, 3 or
 * 4 GiB. SoX and espeak-ng leave 0x7ffff000, arecord 0x80000000, GStreamer 0x7fff0000, FFmpeg 0xffffffff.
 */
export function isMeasured(length: number): boolean {
  if (length <= 0 || length > Number.MAX_SAFE_INTEGER) return false;
  const nearest = Math.round(length / GIBIBYTE) * GIBIBYTE;
  return nearest === 0 || nearest > 4 * GIBIBYTE || Math.abs(length - nearest) > MOST_BESIDE_ROUND;
}

/**
 * Where a chunk that reaches to `chunkEnd` shows a cut: only if the form around it says as well that there should be more. A writer that
 * was killed has filled in neither, and one that slipped in one of them has written a whole file.
 *
 * @returns undefined where nothing is proven, or less is missing than writers round up
 */
export function provenEnd(chunkEnd: number, formEnd: number, size: number): number | undefined {
  const isStated = isMeasured(chunkEnd) && isMeasured(formEnd) && formEnd > size;
  return isStated && chunkEnd - size > TOLERATED_MISSING_SHARE * size ? chunkEnd : undefined;
}
