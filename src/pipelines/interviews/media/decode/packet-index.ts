import type { Keyframe, MediaFacts, MediaWarning, VideoFacts } from '../../contract/media-facts.js';
import type { MediumStream, OpenMedium } from '../input/open-medium.js';
import type { NativePacket } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import { secondsOf, type PacketsEnd } from './read-packets.js';
import { rotationOfStream } from './rotation.js';
import { vp8Size } from './vp8-size.js';

/** What is learnt of a video from its packets, none of them decoded. */
export interface VideoIndex {
  take(packet: NativePacket): void;
  /** Undefined when there was no packet with a time. */
  facts(): Omit<VideoFacts, 'codec'> | undefined;
  readonly sizeChanges: boolean;
}

/** Codecs have at most 16 pictures at hand. */
const DEEPEST_REORDER = 16;
/** Of videos that hold nothing but keyframes not all are kept. */
const NEAREST_KEYFRAMES_SECONDS = 0.25;

export function createVideoIndex(medium: MediumStream): VideoIndex {
  const { stream, codec } = medium;
  const { width, height } = stream.codecpar;
  const rotation = rotationOfStream(medium);
  const keyframes: Keyframe[] = [];
  const packetBytes: (number | undefined)[] = [];
  const recent: number[] = [];
  let [frames, reorder, start, end, lastStart] = [0, 0, Infinity, -Infinity, -Infinity];
  let size: string | undefined;
  let sizeChanges = false;

  return {
    take(packet) {
      const time = secondsOf(packet.pts, stream.timeBase);
      if (time === undefined || (packet.flags & AV.packetDiscard) !== 0) return;
      frames++;
      reorder = Math.max(reorder, recent.filter((before) => before > time).length);
      recent.push(time);
      if (recent.length > DEEPEST_REORDER) recent.shift();
      const seconds = secondsOf(packet.duration, stream.timeBase) ?? 0;
      // Live files do not say how long a picture stays: as long as the one before it.
      const stays = seconds > 0 ? seconds : Math.max(0, Math.min(1, time - lastStart));
      lastStart = Math.max(lastStart, time);
      start = Math.min(start, time);
      end = Math.max(end, time + stays);
      if (!packet.isKeyframe) {
        const second = Math.floor(time) - Math.floor(start);
        if (second >= 0) packetBytes[second] = Math.max(packetBytes[second] ?? 0, packet.size);
        return;
      }
      const before = keyframes.at(-1);
      if (before === undefined || time - before.time >= NEAREST_KEYFRAMES_SECONDS) {
        keyframes.push({ time, position: Number(packet.pos) });
      }
      const coded = codec === 'vp8' && packet.data !== null ? vp8Size(packet.data) : undefined;
      sizeChanges ||= size !== undefined && coded !== undefined && coded !== size;
      size = coded ?? size;
    },
    facts() {
      if (frames === 0) return undefined;
      const turned = rotation % 180 !== 0;
      return {
        width: turned ? height : width,
        height: turned ? width : height,
        rotation,
        start,
        end,
        frames,
        keyframes,
        reorder,
        packet_bytes: Array.from(packetBytes, (bytes) => bytes ?? 0),
      };
    },
    get sizeChanges() {
      return sizeChanges;
    },
  };
}

/** What was found out of a medium when its last packet is read. */
export interface PassFindings {
  medium: OpenMedium;
  size: number;
  video: VideoIndex | undefined;
  sound: { rate: number; channels: number; start: number; end: number } | undefined;
  ended: PacketsEnd;
  damaged: boolean;
}

/** Shorter ends are no news: streams of one recording never end together. */
const EARLY_SECONDS = 1;
const CUT_SHARE = 0.02;

export function factsOf({ medium, size, video, sound, ended, damaged }: PassFindings): MediaFacts {
  const seen = video?.facts();
  const streams = [...(seen ? [seen] : []), ...(sound ? [sound] : [])];
  const start = Math.min(...streams.map((stream) => stream.start));
  const end = Math.max(...streams.map((stream) => stream.end));
  const stated = statedDuration(medium);
  const duration = streams.length === 0 ? 0 : end - start;
  const isCut = stated !== null && end < stated - Math.max(EARLY_SECONDS, CUT_SHARE * stated);
  const warnings: MediaWarning[] = [];
  if (ended.failure !== undefined || isCut) warnings.push('truncated');
  if (damaged) warnings.push('damaged');
  if (seen && sound && sound.end - seen.end > EARLY_SECONDS) warnings.push('video_ends_early');
  if (seen && sound && seen.end - sound.end > EARLY_SECONDS) warnings.push('audio_ends_early');
  if (video?.sizeChanges) warnings.push('size_changes');
  return {
    container: medium.container,
    size,
    stated_duration: stated,
    duration,
    ...(seen && { video: { codec: medium.video!.codec, ...seen } }),
    ...(sound && { audio: { codec: medium.audio!.codec, ...sound } }),
    sequential: medium.container !== 'mov' || medium.fragmented,
    warnings,
  };
}

/** What a fragmented MP4 states is of its first fragment, unless all of them are looked through. */
function statedDuration({ format, fragmented }: OpenMedium): number | null {
  if (fragmented) return null;
  const ofStreams = (format.streams ?? []).map(
    ({ duration, timeBase }) => secondsOf(duration, timeBase) ?? 0,
  );
  const ofContainer = secondsOf(format.duration, { num: 1, den: 1_000_000 }) ?? 0;
  const seconds = ofContainer > 0 ? ofContainer : Math.max(0, ...ofStreams);
  return seconds > 0 ? seconds : null;
}
