import { statSync } from 'node:fs';
import { AudioUndecodable } from '../../platform/errors.js';
import { SAMPLE_RATE_HZ } from '../features/analysis.js';
import type { AudioDecoder, DecodedAudio, DecodeLimits } from './audio-decoder.js';
import { DEMUXER_WHITELIST, SAMPLE_RATE_RANGE_HZ } from './audio-decoder.js';
import { checkContainerEnd } from './container-end.js';
import {
  MOST_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_SHARE,
} from './damaged-packets.js';
import { isWave, notAudio, readHead } from './file-head.js';
import { createFrameSink } from './frame-sink.js';
import type {
  NativeChannelLayout,
  NativeCodecContext,
  NativeFormatContext,
  NativeStream,
  NodeAv,
} from './node-av-api.js';
import { AV } from './node-av-api.js';
import type { Resampler } from './resampler.js';
import { createCollector, createResampler } from './resampler.js';
import { createSampleBuffer } from './sample-buffer.js';
import { createSpectralResampling } from './spectral-resampler.js';
import { canStateDuration, checkStatedDuration } from './stated-duration.js';

/** FFmpeg in this process. A native crash takes the process with it, so it runs in the pool's children only. */
export function createNodeAvDecoder(nodeAv: NodeAv, limits: DecodeLimits): AudioDecoder {
  const resamplerFor = createResamplers(nodeAv);
  return {
    name: 'node-av',
    decode: (path) => Promise.resolve().then(() => decode(nodeAv, limits, resamplerFor, path)),
  };
}

type ResamplerFor = (inputRateHz: number) => Resampler;

function createResamplers(nodeAv: NodeAv): ResamplerFor {
  const output = createSampleBuffer();
  const spectral = createSpectralResampling(output);
  return (rate) => {
    if (rate === SAMPLE_RATE_HZ) return createCollector(output);
    return spectral(rate) ?? createResampler(nodeAv, rate, output);
  };
}

function decode(
  nodeAv: NodeAv,
  limits: DecodeLimits,
  resamplerFor: ResamplerFor,
  path: string,
): DecodedAudio {
  checkContainerEnd(path);
  const format = new nodeAv.FormatContext();
  const codec = new nodeAv.CodecContext();
  try {
    const head = readHead(path);
    const stream = openAudioStream(nodeAv, format, path, isWave(head));
    const { channels, sampleRate } = checkedParameters(stream, limits);
    openCodec(nodeAv, codec, stream);
    const read = readSamples(nodeAv, format, codec, stream, limits, resamplerFor);
    const durationSeconds = read.inputSamples / sampleRate;
    checkStatedDuration(durationSeconds, canStateDuration(head) ? statedSeconds(stream) : undefined);
    return {
      samples: read.samples,
      audio: {
        duration_seconds: durationSeconds,
        codec: nodeAv.avGetCodecName(stream.codecpar.codecId) ?? 'unknown',
        sample_rate: sampleRate,
        channels,
        bytes: statSync(path).size,
      },
    };
  } finally {
    codec.freeContext();
    format.closeInputSync();
  }
}

/**
 * FFmpeg searches a WAV file's first 5 MB for DTS in disguise, which takes as long as decoding it; and it hands over 64 ms at a time. The
 * bytes searched must be more than one packet's.
 */
const WAVE_OPTIONS = { probesize: '32768', max_size: '16384' };

function openAudioStream(
  nodeAv: NodeAv,
  format: NativeFormatContext,
  path: string,
  wave: boolean,
): NativeStream {
  const options = nodeAv.Dictionary.fromObject({
    format_whitelist: DEMUXER_WHITELIST,
    protocol_whitelist: 'file',
    ...(wave && WAVE_OPTIONS),
  });
  try {
    const opened = format.openInputSync(`file:${path}`, null, options);
    if (opened < 0) throw undecodable(nodeAv, notAudio(path), opened);
  } finally {
    options.free();
  }
  const found = format.findStreamInfoSync(null);
  if (found < 0) throw undecodable(nodeAv, 'its streams cannot be read', found);
  const index = format.findBestStream(AV.mediaTypeAudio);
  const streams = format.streams;
  const audio = streams[index];
  if (index < 0 || !audio) throw new AudioUndecodable('Audio cannot be decoded: no audio stream');
  for (const stream of streams) if (stream.index !== index) stream.discard = AV.discardAll;
  return audio;
}

function checkedParameters(
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

function openCodec(nodeAv: NodeAv, codec: NativeCodecContext, stream: NativeStream): void {
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

function statedSeconds({ duration, timeBase }: NativeStream): number | undefined {
  return duration > 0n ? (Number(duration) * timeBase.num) / timeBase.den : undefined;
}

function readSamples(
  nodeAv: NodeAv,
  format: NativeFormatContext,
  codec: NativeCodecContext,
  stream: NativeStream,
  limits: DecodeLimits,
  resamplerFor: ResamplerFor,
): { samples: Float32Array; inputSamples: number } {
  const sink = createFrameSink(nodeAv, stream.codecpar, limits, resamplerFor(stream.codecpar.sampleRate));
  const packet = new nodeAv.Packet();
  const frame = new nodeAv.Frame();
  packet.alloc();
  frame.alloc();
  const isOnlyStream = format.streams.length === 1;
  const { index } = stream;
  let packets = 0;
  let damaged = 0;
  const drain = (): void => {
    // Receiving gives up what the frame held before.
    while (codec.receiveFrameSync(frame) >= 0) sink.push(frame);
  };
  try {
    while (format.readFrameSync(packet) >= 0) {
      if (isOnlyStream || packet.streamIndex === index) {
        packets++;
        if (codec.sendPacketSync(packet) < 0 && ++damaged > MOST_DAMAGED_PACKETS) break;
        drain();
      }
      packet.unref();
    }
    codec.sendPacketSync(null);
    drain();
    const inputSamples = sink.inputSamples();
    if (inputSamples === 0) throw new AudioUndecodable('Audio cannot be decoded: it holds no sound');
    if (damaged > TOLERATED_DAMAGED_PACKETS && damaged > TOLERATED_DAMAGED_SHARE * packets) {
      throw new AudioUndecodable(`Audio cannot be decoded: ${damaged} of ${packets} packets are damaged`);
    }
    return { samples: sink.finish(), inputSamples };
  } finally {
    frame.free();
    packet.free();
    sink.free();
  }
}

function undecodable(nodeAv: NodeAv, what: string, code: number): AudioUndecodable {
  return new AudioUndecodable(`Audio cannot be decoded: ${what} (${nodeAv.FFmpegError.strerror(code)})`);
}
