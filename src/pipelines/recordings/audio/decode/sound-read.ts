import { AudioUndecodable } from '../../errors.js';
import { TOLERATED_DAMAGED_SHARE } from './damaged-packets.js';

/** As much as the first or last packets of a cut stream may hold, and headers that are taken for sound. */
const TOLERATED_BYTES = 2_048;

/** Whether a decoder was given all of the sound that the file holds, but for what may be damaged. */
export function wasAllRead(readBytes: number, soundBytes: number): boolean {
  return soundBytes - readBytes <= Math.max(TOLERATED_BYTES, TOLERATED_DAMAGED_SHARE * soundBytes);
}

/**
 * Compares the bytes that a decoder was given with those in the file: a demuxer that stops where it does not understand what follows says no
 * word of it.
 *
 * @param soundBytes undefined where it is not known
 * @throws AudioUndecodable when sound was left out
 */
export function checkSoundRead(readBytes: number, soundBytes: number | undefined): void {
  if (soundBytes === undefined || wasAllRead(readBytes, soundBytes)) return;
  throw new AudioUndecodable(
    `Audio cannot be decoded: only ${readBytes} of its ${soundBytes} bytes of sound can be read`,
  );
}
