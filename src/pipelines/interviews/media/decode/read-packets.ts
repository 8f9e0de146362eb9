import { MediaRefused } from '../media-errors.js';
import type { MediaLimits } from '../media-limits.js';
import type { NativePacket, NodeAv, Rational } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import type { OpenMedium } from '../input/open-medium.js';

/** How a medium's packets ended. */
export interface PacketsEnd {
  /** What FFmpeg said, where it was not the end. */
  failure?: string;
  packets: number;
}

/**
 * Reads packet after packet.
 *
 * @param take may keep nothing of the packet; answers false when it wants no more
 * @throws MediaRefused when there are more than may be; what kept the bytes from being read
 */
export async function readPackets(
  nodeAv: NodeAv,
  medium: OpenMedium,
  { maxPackets }: MediaLimits,
  take: (packet: NativePacket) => Promise<boolean> | boolean,
): Promise<PacketsEnd> {
  const packet = new nodeAv.Packet();
  packet.alloc();
  let packets = 0;
  try {
    for (;;) {
      const read = await medium.format.readFrame(packet);
      if (read < 0) {
        medium.check();
        return { packets, ...(read !== AV.errorEof && { failure: nodeAv.FFmpegError.strerror(read) }) };
      }
      if (++packets > maxPackets) {
        throw new MediaRefused('too complex', `more than ${maxPackets} packets`);
      }
      let more = take(packet);
      if (typeof more !== 'boolean') more = await more;
      packet.unref();
      if (!more) return { packets };
    }
  } finally {
    packet.free();
  }
}

/** @returns undefined where there is no time */
export function secondsOf(timestamp: bigint, { num, den }: Rational): number | undefined {
  return timestamp === AV.noTimestamp ? undefined : (Number(timestamp) * num) / den;
}
