import { MediaRefused } from '../media-errors.js';
import type { MediaLimits } from '../media-limits.js';
import type { NativeFormatContext, NativeStream, NodeAv } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import type { BlockCache } from './block-cache.js';
import { AUDIO_CODECS, VIDEO_CODECS } from './codecs.js';
import { openInput, type BytePart, type MediaInput } from './media-input.js';
import { hasIndex, sniff, SNIFF_BYTES, type Sniffed } from './sniff.js';

/** A medium whose streams are known and may be decoded; of each kind the first one. */
export interface OpenMedium extends Sniffed {
  readonly format: NativeFormatContext;
  readonly video: MediumStream | undefined;
  readonly audio: MediumStream | undefined;
  /** @throws what kept FFmpeg from reading, where something did */
  check: () => void;
  close(): Promise<void>;
}

export interface MediumStream {
  readonly stream: NativeStream;
  readonly codec: string;
}

/** As many as FFmpeg takes in, which is more than may be: one that has too many is to be told so. */
const STREAMS_READ = '64';
const NO_PROTOCOL = 'none';

/**
 * Opens a medium with nothing decoded before it is known to be within the limits.
 *
 * @param parts of the medium, where not all of it is to be read
 * @throws MediaRefused; what kept the bytes from being read
 */
export async function openMedium(
  nodeAv: NodeAv,
  cache: BlockCache,
  limits: MediaLimits,
  parts?: readonly BytePart[],
): Promise<OpenMedium> {
  if (cache.size === 0) throw new MediaRefused('empty');
  const sniffed = sniff(await cache.readAll(0, SNIFF_BYTES));
  if (sniffed === undefined) {
    throw new MediaRefused(
      'not a known container',
      'expected MP4, MOV, WebM, Matroska, WAV, MP3, AAC, Ogg, FLAC, AMR, AIFF or CAF',
    );
  }
  const seekable = sniffed.container === 'mov' && !sniffed.fragmented && parts === undefined;
  const input = openInput(nodeAv, cache, parts ?? [{ from: 0, to: cache.size }], seekable);
  const format = new nodeAv.FormatContext();
  format.allocContext();
  format.pb = input.io;
  const close = async (): Promise<void> => {
    await format.closeInput();
    input.free();
  };
  try {
    await openContainer(nodeAv, format, sniffed, input, cache);
    await completeSound(nodeAv, format, checkedStreams(nodeAv, format, limits), input);
    const streams = checkedStreams(nodeAv, format, limits);
    if (streams.video === undefined && streams.audio === undefined) {
      throw new MediaRefused('undecodable', 'neither pictures nor sound');
    }
    return { ...sniffed, ...streams, format, check: () => input.check(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openContainer(
  nodeAv: NodeAv,
  format: NativeFormatContext,
  { container }: Sniffed,
  input: MediaInput,
  cache: BlockCache,
): Promise<void> {
  const options = nodeAv.Dictionary.fromObject({
    format_whitelist: format_whitelist[container] ?? container,
    protocol_whitelist: NO_PROTOCOL,
    max_streams: STREAMS_READ,
  });
  try {
    const opened = await format.openInput('', nodeAv.InputFormat.findInputFormat(container), options);
    input.check();
    if (opened >= 0) return;
    if (container === 'mov' && !(await hasIndex(cache.size, (at, length) => cache.readAll(at, length)))) {
      throw new MediaRefused('index missing', 'an MP4 without moov: the recording or its upload was cut');
    }
    throw new MediaRefused('undecodable', `its header: ${nodeAv.FFmpegError.strerror(opened)}`);
  } finally {
    options.free();
  }
}

/** FFmpeg compares with all names of a demuxer. */
const format_whitelist: Readonly<Record<string, string>> = {
  mov: 'mov,mp4,m4a,3gp,3g2,mj2',
  matroska: 'matroska,webm',
};

type Streams = Pick<OpenMedium, 'video' | 'audio'>;

/** Picks the streams, and has FFmpeg leave out the others. @throws MediaRefused */
function checkedStreams(nodeAv: NodeAv, format: NativeFormatContext, limits: MediaLimits): Streams {
  const streams = format.streams ?? [];
  if (streams.length > limits.maxStreams) {
    throw new MediaRefused('too many streams', `${streams.length}, expected at most ${limits.maxStreams}`);
  }
  const ofType = (type: number): NativeStream[] =>
    streams.filter(({ codecpar }) => codecpar.codecType === type);
  // A cover is a picture, and no video.
  const videos = ofType(AV.mediaTypeVideo).filter(
    ({ disposition }) => (disposition & AV.attachedPicture) === 0,
  );
  for (const { codecpar } of videos) checkPicture(codecpar.width, codecpar.height, limits);
  const audios = ofType(AV.mediaTypeAudio);
  for (const { codecpar } of audios) checkSound(codecpar.channels, codecpar.sampleRate, limits);
  const named = (stream: NativeStream): MediumStream => ({
    stream,
    codec: nodeAv.avGetCodecName(stream.codecpar.codecId) ?? 'unknown',
  });
  const video = chosen(videos.map(named), VIDEO_CODECS);
  const audio = chosen(audios.map(named), AUDIO_CODECS);
  for (const stream of streams) {
    if (stream.index !== video?.stream.index && stream.index !== audio?.stream.index) {
      stream.discard = AV.discardAll;
    }
  }
  return { video, audio };
}

/** @throws MediaRefused when there are streams, and none of a codec that is known */
function chosen(streams: readonly MediumStream[], codecs: ReadonlySet<string>): MediumStream | undefined {
  const known = streams.find(({ codec }) => codecs.has(codec));
  if (known === undefined && streams[0] !== undefined) {
    throw new MediaRefused('unsupported codec', `${streams[0].codec}, expected ${[...codecs].join(', ')}`);
  }
  return known;
}

/** @throws MediaRefused */
function checkPicture(width: number, height: number, { maxPixels }: MediaLimits): void {
  if (width <= 0 || height <= 0) throw new MediaRefused('undecodable', 'its pictures have no size');
  if (width * height <= maxPixels) return;
  throw new MediaRefused('picture too large', `${width} x ${height}, expected at most ${maxPixels} pixels`);
}

/** Zero of either says that the container does not tell. */
function checkSound(channels: number, rate: number, limits: MediaLimits): void {
  const { maxChannels, minSampleRate, maxSampleRate } = limits;
  if (channels < 0 || channels > maxChannels) {
    throw new MediaRefused(
      'sound of a kind that is not expected',
      `${channels} channels, expected at most ${maxChannels}`,
    );
  }
  if (rate !== 0 && (rate < minSampleRate || rate > maxSampleRate)) {
    throw new MediaRefused(
      'sound of a kind that is not expected',
      `${rate} Hz, expected ${minSampleRate} to ${maxSampleRate} Hz`,
    );
  }
}

/**
 * What raw streams of sound do not say in a header is in their packets: FFmpeg reads some, and may decode them. Never where there is
 * video: a container says how large its pictures are, and they are not decoded here.
 */
async function completeSound(
  nodeAv: NodeAv,
  format: NativeFormatContext,
  { video, audio }: Streams,
  input: MediaInput,
): Promise<void> {
  if (video !== undefined) return;
  if (audio !== undefined && audio.stream.codecpar.sampleRate > 0 && audio.stream.codecpar.channels > 0)
    return;
  const found = await format.findStreamInfo(null);
  input.check();
  if (found < 0) throw new MediaRefused('undecodable', `its streams: ${nodeAv.FFmpegError.strerror(found)}`);
}
