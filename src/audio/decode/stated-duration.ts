import { AudioTruncated } from '../../platform/errors.js';

/** Encoders pad and trim up to a fifth of a second at either end. */
const TOLERATED_SECONDS = 0.25;
/** Durations that a container estimates are right within this share. */
const TOLERATED_SHARE = 0.02;

/**
 * Compares what was decoded with what the container states.
 *
 * @param statedSeconds undefined where the container states none
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

/**
 * Whether the container can state a duration at all. Raw AMR and raw AAC are frames in a row: what FFmpeg calls their duration is
 * a guess from the bit rate, off by 3 % to 6 % for AMR.
 *
 * @param head the file's first bytes
 */
export function canStateDuration(head: Buffer): boolean {
  const isAmr = head.toString('latin1').startsWith('#!AMR');
  // Twelve bits of synchronisation and a layer of zero, which MPEG audio of layers 1 to 3 never has.
  const isAdts = head[0] === 0xff && (head[1]! & 0xf6) === 0xf0;
  return !isAmr && !isAdts;
}
