import type { NativePacket } from '../../../../platform/node-av/api.js';
import type { PictureDecoder } from './picture-decoder.js';
import { secondsOf } from './read-packets.js';
import type { MediumStream } from '../input/open-medium.js';

/** A decoder of a stream whose keyframes are not yet known. */
export type SequentialDecoder = Pick<PictureDecoder, 'push' | 'finish' | 'free'>;

/** Packets that wait; more than that are decoded, needed or not. A second of a camera has up to 120, and 8 MiB last for a second of 64 Mbit/s. */
const MOST_WAITING = 300;
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Leaves out the ends of groups of pictures behind their last sample, which nothing is predicted from: packets that come before the next
 * sample's time wait until that time comes, or are given up at a keyframe that is not after it. The samples are the same.
 *
 * @param every seconds between samples
 */
export function skipEnds(
  decoder: PictureDecoder,
  { stream: { timeBase } }: MediumStream,
  every: number,
): SequentialDecoder {
  let waiting: NativePacket[] = [];
  let bytes = 0;

  const giveUp = (): void => {
    for (const packet of waiting) packet.free();
    waiting = [];
    bytes = 0;
  };
  const decodeWaiting = async (): Promise<void> => {
    for (const packet of waiting) await decoder.push(packet);
    giveUp();
  };
  return {
    async push(packet) {
      const time = secondsOf(packet.pts, timeBase);
      const wanted = (decoder.lastWindow + 1) * every;
      if (packet.isKeyframe && time !== undefined && time <= wanted && waiting.length > 0) {
        giveUp();
        decoder.restart();
        return decoder.push(packet);
      }
      const copy = time !== undefined && time < wanted ? packet.clone() : null;
      if (copy === null) {
        await decodeWaiting();
        return decoder.push(packet);
      }
      waiting.push(copy);
      bytes += copy.size;
      if (waiting.length > MOST_WAITING || bytes > MOST_WAITING_BYTES) await decodeWaiting();
      return undefined;
    },
    finish: () => decoder.finish(),
    free() {
      giveUp();
      decoder.free();
    },
  };
}
