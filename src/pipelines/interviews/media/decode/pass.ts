import type { Sound } from '../../analysis/audio/audio-listener.js';
import type { MediaFacts } from '../../contract/media-facts.js';
import type { BlockCache } from '../input/block-cache.js';
import { openMedium } from '../input/open-medium.js';
import { MediaRefused } from '../media-errors.js';
import type { MediaLimits } from '../media-limits.js';
import type { NodeAv } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import { createPictureDecoder, type SampleTaker } from './picture-decoder.js';
import { createVideoIndex, factsOf } from './packet-index.js';
import { readPackets, secondsOf } from './read-packets.js';
import { rotationOfStream } from './rotation.js';
import { skipEnds } from './skip-ends.js';
import { createSoundDecoder } from './sound-decoder.js';

export interface Passing {
  /** Without it sound is not decoded. */
  hear?: (sound: Sound) => Promise<void>;
  /** Samples the video in the same reading. */
  sampling?: { every: number; take: SampleTaker };
  /** Refuses a medium without such a stream at once. */
  needs: 'video' | 'audio' | undefined;
  /** Told of each packet's time. */
  onPacket: (time: number) => void;
}

/** Frames that one waits for, before that is known: more than encoders use, and little to keep. */
const REORDER_BEFORE_INDEX = 4;
/** More packets than this that cannot be decoded, of all: what is left is no sound to be measured. */
const TOLERATED_DAMAGE = 0.5;

/**
 * Reads a medium from its beginning to its end.
 *
 * @throws MediaRefused; what kept the bytes from being read
 */
export async function readPass(
  nodeAv: NodeAv,
  cache: BlockCache,
  limits: MediaLimits,
  { hear, sampling, needs, onPacket }: Passing,
): Promise<MediaFacts> {
  const medium = await openMedium(nodeAv, cache, limits);
  const { video, audio } = medium;
  try {
    if (needs === 'video' && video === undefined) throw new MediaRefused('no video stream');
    if (needs === 'audio' && audio === undefined) throw new MediaRefused('no audio stream');
    const pictures =
      video &&
      sampling &&
      skipEnds(
        createPictureDecoder(nodeAv, video, limits, {
          windows: { every: sampling.every, first: 0, end: Infinity },
          reorder: REORDER_BEFORE_INDEX,
          rotation: rotationOfStream(video),
          take: sampling.take,
        }),
        video,
        sampling.every,
      );
    const index = video && createVideoIndex(video);
    const sound = audio && hear && createSoundDecoder(nodeAv, audio, limits, hear);
    const unheard = audio && !hear ? createSpan() : undefined;
    let [isCorrupt, soundPackets] = [false, 0];
    let [first, last] = [Infinity, -Infinity];
    try {
      const ended = await readPackets(nodeAv, medium, limits, (packet) => {
        const stream = packet.streamIndex === video?.stream.index ? video : audio;
        if (packet.streamIndex !== stream?.stream.index) return true;
        const time = secondsOf(packet.pts, stream.stream.timeBase);
        if (time !== undefined) {
          first = Math.min(first, time);
          last = Math.max(last, time);
          if (last - first > limits.maxSeconds) {
            throw new MediaRefused('too long', `longer than ${limits.maxSeconds} s`);
          }
          onPacket(time);
        }
        isCorrupt ||= (packet.flags & AV.packetCorrupt) !== 0;
        if (stream === video) {
          index!.take(packet);
          return pictures === undefined ? true : pictures.push(packet).then(() => true);
        }
        soundPackets++;
        unheard?.take(time, secondsOf(packet.duration, stream.stream.timeBase) ?? 0);
        return sound === undefined ? true : sound.push(packet).then(() => true);
      });
      await sound?.finish();
      await pictures?.finish();
      const damagedPackets = sound?.damagedPackets ?? 0;
      if (soundPackets > 0 && damagedPackets > TOLERATED_DAMAGE * soundPackets && video === undefined) {
        throw new MediaRefused('undecodable', `${damagedPackets} of ${soundPackets} packets of sound`);
      }
      const heard = sound ? sound.heard() : unheard?.facts(audio!.stream.codecpar);
      const facts = factsOf({
        medium,
        size: cache.size,
        video: index,
        sound: heard,
        ended,
        damaged: isCorrupt || damagedPackets > 0,
      });
      if (facts.video === undefined && facts.audio === undefined) {
        throw new MediaRefused('undecodable', ended.failure ?? 'neither pictures nor sound');
      }
      return facts;
    } finally {
      pictures?.free();
      sound?.free();
    }
  } finally {
    await medium.close();
  }
}

/** From where to where a stream goes that is not decoded. */
function createSpan() {
  let [start, end] = [Infinity, -Infinity];
  return {
    take(time: number | undefined, seconds: number): void {
      if (time === undefined) return;
      start = Math.min(start, time);
      end = Math.max(end, time + seconds);
    },
    facts: ({ sampleRate: rate, channels }: { sampleRate: number; channels: number }) =>
      end > start ? { rate, channels, start, end } : undefined,
  };
}
