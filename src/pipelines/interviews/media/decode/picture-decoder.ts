import type { Picture } from '../../models/picture/picture.js';
import type { VideoFacts } from '../../contract/media-facts.js';
import type { MediumStream } from '../input/open-medium.js';
import type { MediaLimits } from '../media-limits.js';
import type { NativePacket, NodeAv } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import { openCodec } from './open-codec.js';
import { createPictureScaler } from './picture-scaler.js';
import { secondsOf } from './read-packets.js';

/** Which frames are wanted: of each window [k·every, (k+1)·every) with `first <= k < end` the first one. */
export interface SampleWindows {
  every: number;
  first: number;
  end: number;
}

/** Hears of each sample, in order. */
export type SampleTaker = (picture: Picture, k: number, time: number) => Promise<void>;

/** Decodes one stream of pictures, packet by packet in the order of decoding, from a keyframe on. */
export interface PictureDecoder {
  push(packet: NativePacket): Promise<void>;
  /** The frames that are still on their way. */
  finish(): Promise<void>;
  /** No further sample comes. */
  readonly done: boolean;
  /** The window of the last sample. */
  readonly lastWindow: number;
  readonly damagedPackets: number;
  /** Forgets what it has, for another keyframe to go on from. */
  restart(): void;
  free(): void;
}

export interface PictureDecoderOptions {
  windows: SampleWindows;
  reorder: number;
  rotation: VideoFacts['rotation'];
  take: SampleTaker;
}

/** @throws MediaRefused */
export function createPictureDecoder(
  nodeAv: NodeAv,
  medium: MediumStream,
  limits: MediaLimits,
  { windows: { every, first, end }, reorder, rotation, take }: PictureDecoderOptions,
): PictureDecoder {
  const codec = openCodec(nodeAv, medium, limits, reorder);
  const scaler = createPictureScaler(nodeAv, rotation);
  const frame = new nodeAv.Frame();
  frame.alloc();
  const { timeBase } = medium.stream;
  const windowOf = (time: number): number => Math.floor(time / every);
  let lastWindow = first - 1;
  let damagedPackets = 0;
  /** Earliest time of those packets that were sent, of the windows that it may still matter for. */
  const earliest = new Map<number, number>();
  let skipping = false;

  /**
   * A frame that no other is predicted from need not be decoded when an earlier one of its window was sent, since that is the sample,
   * or an even earlier one is. The decoder knows which frames these are; it is told only that they are not wanted.
   */
  const chooseFrames = (time: number | undefined): void => {
    let unwanted = false;
    if (time !== undefined) {
      const k = windowOf(time);
      const before = earliest.get(k);
      unwanted = k <= lastWindow || k >= end || (before !== undefined && before < time);
      if (before === undefined || time < before) earliest.set(k, time);
      if (earliest.size > MOST_WINDOWS) earliest.delete(earliest.keys().next().value!);
    }
    if (unwanted === skipping) return;
    skipping = unwanted;
    codec.setOption('skip_frame', unwanted ? 'noref' : 'default');
  };
  const takeFrame = async (): Promise<void> => {
    const time = secondsOf(frame.bestEffortTimestamp, timeBase);
    if (time === undefined) return;
    const k = windowOf(time);
    if (k <= lastWindow || k >= end) {
      if (k >= end) lastWindow = end - 1;
      return;
    }
    const picture = scaler.toPicture(frame);
    if (picture === undefined) {
      damagedPackets++;
      return;
    }
    lastWindow = k;
    await take(picture, k, time);
  };
  const drain = async (): Promise<void> => {
    let received = codec.receiveFrameSync(frame);
    for (; received >= 0 && lastWindow < end - 1; received = codec.receiveFrameSync(frame)) await takeFrame();
    if (received < 0 && received !== AV.errorAgain && received !== AV.errorEof) damagedPackets++;
  };
  return {
    async push(packet) {
      chooseFrames(secondsOf(packet.pts, timeBase));
      if (codec.sendPacketSync(packet) < 0) damagedPackets++;
      else await drain();
    },
    async finish() {
      codec.sendPacketSync(null);
      await drain();
    },
    get done() {
      return lastWindow >= end - 1;
    },
    get lastWindow() {
      return lastWindow;
    },
    get damagedPackets() {
      return damagedPackets;
    },
    restart: () => codec.flushBuffers(),
    free() {
      scaler.free();
      frame.free();
      codec.freeContext();
    },
  };
}

/** Frames come at most 16 after their packets. */
const MOST_WINDOWS = 32;
