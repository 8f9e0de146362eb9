import { AudioTruncated } from '../../errors.js';

/** Encoders pad and trim up to a fifth of a second at either end. */
const TOLERATED_SECONDS = 0.25;
/** Durations that a header states are right within this share. */
const TOLERATED_SHARE = 0.02;

/**
 * Compares what was decoded with what the header states.
 *
 * @param statedSeconds undefined where it states none
 * @throws AudioTruncated when more is missing than rounding and padding explain
 */
export function checkStatedDuration(decodedSeconds: number, statedSeconds: number | undefined): void {
  if (statedSeconds === undefined) return;
  const tolerated = Math.max(TOLERATED_SECONDS, TOLERATED_SHARE * statedSeconds);
  if (decodedSeconds >= statedSeconds - tolerated) return;
  throw new AudioTruncated(
    `Audio ends after ${decodedSeconds.toFixed(2)} s, but its container states ${statedSeconds.toFixed(2)} s`,
  );
}
