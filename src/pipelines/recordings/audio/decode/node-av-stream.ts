import { AudioUndecodable } from '../../errors.js';
import type { DecodeLimits } from './audio-decoder.js';
import { DEMUXER_WHITELIST, SAMPLE_RATE_RANGE_HZ } from './audio-decoder.js';
import { notAudio } from './file-head.js';
import type {
  NativeChannelLayout,
  NativeCodecContext,
  NativeFormatContext,
  NativeStream,
  NodeAv,
} from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import type { SectionInput } from './section-input.js';

/**
 * FFmpeg searches a WAV file's first 5 MB for DTS in disguise, which takes as long as decoding it; and it gives 64 ms at a time. The
 * bytes searched must be more than one packet's.
 */
const WAVE_OPTIONS = { probesize: '32768', max_size: '16384' };

/** @param wave whether it is a WAV file, read as such */
export function openAudioStream(
  nodeAv: NodeAv,
  format: NativeFormatContext,
  { path, url, protocols, demuxer, samples }: SectionInput,
  wave: boolean,
): NativeStream {
  const options = nodeAv.Dictionary.fromObject({
    format_whitelist: demuxer ?? DEMUXER_WHITELIST,
    protocol_whitelist: protocols,
    ...(samples && { sample_rate: String(samples.sampleRate), ch_layout: `${samples.channels}C` }),
    ...(wave && WAVE_OPTIONS),
  });
  const inputFormat = demuxer === undefined ? null : nodeAv.InputFormat.findInputFormat(demuxer);
  try {
    const opened = format.openInputSync(url, inputFormat, options);
    if (opened < 0) throw undecodable(nodeAv, notAudio(path), opened);
  } finally {
    options.free();
  }
  const found = format.findStreamInfoSync(null);
  if (found < 0) throw undecodable(nodeAv, 'its streams cannot be read', found);
  const index = format.findBestStream(AV.mediaTypeAudio);
  const streams = format.streams ?? [];
  const audio = streams[index];
  if (index < 0 || !audio) throw new AudioUndecodable('Audio cannot be decoded: no audio stream');
  for (const stream of streams) if (stream.index !== index) stream.discard = AV.discardAll;
  return audio;
}

export function checkedParameters(
  stream: NativeStream,
  limits: DecodeLimits,
): { channels: number; sampleRate: number } {
  const { channels, sampleRate } = stream.codecpar;
  if (channels < 1 || channels > limits.maxChannels) {
    throw new AudioUndecodable(
      `Audio cannot be decoded: ${channels} channels, expected 1 to ${limits.maxChannels}`,
    );
  }
  const { lowest, highest } = SAMPLE_RATE_RANGE_HZ;
  if (sampleRate < lowest || sampleRate > highest) {
    throw new AudioUndecodable(
      `Audio cannot be decoded: ${sampleRate} Hz, expected ${lowest} to ${highest} Hz`,
    );
  }
  return { channels, sampleRate };
}

/** What a header that says nothing about its one or two channels means. */
const KNOWN_LAYOUTS: Readonly<Record<number, NativeChannelLayout>> = { 1: AV.monoLayout, 2: AV.stereoLayout };

export function openCodec(nodeAv: NodeAv, codec: NativeCodecContext, stream: NativeStream): void {
  const { codecId } = stream.codecpar;
  const decoder = nodeAv.Codec.findDecoder(codecId);
  if (!decoder) {
    const name = nodeAv.avGetCodecName(codecId) ?? 'unknown';
    throw new AudioUndecodable(`Audio cannot be decoded: no decoder for codec ${name}`);
  }
  codec.allocContext3(decoder);
  codec.parametersToContext(stream.codecpar);
  const { channelLayout } = codec;
  const known = KNOWN_LAYOUTS[channelLayout.nbChannels];
  if (channelLayout.order === AV.unspecifiedOrder && known) codec.channelLayout = known;
  // The pool has a process a core.
  codec.threadCount = 1;
  const opened = codec.open2Sync(decoder, null);
  if (opened < 0) throw undecodable(nodeAv, 'its codec cannot be opened', opened);
}

export function undecodable(nodeAv: NodeAv, what: string, code: number): AudioUndecodable {
  return new AudioUndecodable(`Audio cannot be decoded: ${what} (${nodeAv.FFmpegError.strerror(code)})`);
}
