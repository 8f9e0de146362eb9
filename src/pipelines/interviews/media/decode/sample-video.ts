import type { Keyframe, MediaFacts, VideoFacts } from '../../contract/media-facts.js';
import type { BlockCache } from '../input/block-cache.js';
import { partsFrom } from '../input/entry-point.js';
import { openMedium, type OpenMedium } from '../input/open-medium.js';
import { SNIFF_BYTES, sniff } from '../input/sniff.js';
import { lastKeyframe } from '../last-keyframe.js';
import { MediaRefused } from '../media-errors.js';
import type { MediaLimits } from '../media-limits.js';
import type { NodeAv } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import { createPictureDecoder, type SampleTaker, type SampleWindows } from './picture-decoder.js';
import { readPackets, secondsOf } from './read-packets.js';

export interface VideoSampling {
  windows: SampleWindows;
  frames: 'all' | 'keyframes';
  take: SampleTaker;
  /** Told of each packet's time. */
  onPacket: (time: number) => void;
}

/**
 * Decodes the samples of some windows, from the keyframe before them on; the same ones, to the bit, as when the whole is decoded.
 *
 * @throws MediaRefused; what kept the bytes from being read
 */
export async function sampleVideo(
  nodeAv: NodeAv,
  cache: BlockCache,
  limits: MediaLimits,
  facts: MediaFacts,
  sampling: VideoSampling,
): Promise<void> {
  const { video } = facts;
  if (video === undefined) throw new MediaRefused('no video stream');
  const { every, first } = sampling.windows;
  const entry = lastKeyframe(video.keyframes, first * every);
  // The first keyframe is where the medium begins.
  const isBeginning = entry === undefined || entry === video.keyframes[0];
  if (!isBeginning && (await sampleFrom(nodeAv, cache, limits, facts, sampling, entry))) return;
  await sampleFrom(nodeAv, cache, limits, facts, sampling, undefined);
}

/** @returns false, and no sample, when the entry was not found where it should be */
async function sampleFrom(
  nodeAv: NodeAv,
  cache: BlockCache,
  limits: MediaLimits,
  { sequential, video: facts }: MediaFacts,
  { windows, frames, take, onPacket }: VideoSampling,
  entry: Keyframe | undefined,
): Promise<boolean> {
  const video = facts!;
  const medium = await openAt(nodeAv, cache, limits, sequential ? entry : undefined);
  if (medium === undefined) return false;
  try {
    if (medium.video === undefined) throw new MediaRefused('no video stream');
    if (medium.audio !== undefined) medium.audio.stream.discard = AV.discardAll;
    const { index, timeBase } = medium.video.stream;
    if (entry !== undefined && !sequential) await seek(medium, entry);
    const { rotation } = video;
    const options = { windows, reorder: frames === 'all' ? video.reorder : 0, rotation, take };
    const decoder = createPictureDecoder(nodeAv, medium.video, limits, options);
    let waitsFor = entry?.time;
    const place = { isWrong: false };
    try {
      await readPackets(nodeAv, medium, limits, async (packet) => {
        const time = secondsOf(packet.pts, timeBase);
        if (packet.streamIndex !== index || time === undefined) return true;
        onPacket(time);
        if (waitsFor !== undefined) {
          if (!packet.isKeyframe || time < waitsFor) return true;
          place.isWrong = entry !== undefined && waitsFor === entry.time && time > waitsFor;
          if (place.isWrong) return false;
          waitsFor = undefined;
        }
        if (frames === 'keyframes') {
          if (!packet.isKeyframe || Math.floor(time / windows.every) <= decoder.lastWindow) return true;
          await decoder.push(packet);
          await decoder.finish();
          decoder.restart();
          return !decoder.done;
        }
        const before = decoder.lastWindow;
        await decoder.push(packet);
        if (decoder.lastWindow !== before && !decoder.done) {
          waitsFor = nextEntry(video, (decoder.lastWindow + 1) * windows.every, time);
          if (waitsFor !== undefined) decoder.restart();
        }
        return !decoder.done;
      });
      if (place.isWrong || (entry !== undefined && waitsFor === entry.time)) return false;
      if (!decoder.done && frames === 'all' && waitsFor === undefined) await decoder.finish();
      return true;
    } finally {
      decoder.free();
    }
  } finally {
    await medium.close();
  }
}

/** The keyframe from which the next sample is decoded, when the packets before it need not be. */
function nextEntry({ keyframes }: VideoFacts, wanted: number, reached: number): number | undefined {
  const keyframe = lastKeyframe(keyframes, wanted);
  return keyframe !== undefined && keyframe.time > reached ? keyframe.time : undefined;
}

/** @returns undefined where the medium cannot be read from there */
async function openAt(
  nodeAv: NodeAv,
  cache: BlockCache,
  limits: MediaLimits,
  entry: Keyframe | undefined,
): Promise<OpenMedium | undefined> {
  if (entry === undefined) return openMedium(nodeAv, cache, limits);
  const sniffed = sniff(await cache.readAll(0, SNIFF_BYTES));
  const parts = sniffed && (await partsFrom(cache, sniffed, entry.position));
  return parts && openMedium(nodeAv, cache, limits, parts);
}

/** Where it fails the keyframe is not met, and all is read from the beginning. */
async function seek({ format, video, check }: OpenMedium, { time }: Keyframe): Promise<void> {
  const { index, timeBase } = video!.stream;
  const timestamp = BigInt(Math.round((time * timeBase.den) / timeBase.num));
  await format.seekFrame(index, timestamp, AV.seekBackward);
  check();
}
