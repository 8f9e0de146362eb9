import { statSync } from 'node:fs';
import { AudioTooLong, AudioUndecodable } from '../../platform/errors.js';
import { SAMPLE_RATE_HZ } from '../features/analysis.js';
import type { AudioDecoder, DecodedAudio, DecodeLimits } from './audio-decoder.js';
import { DEMUXER_WHITELIST, SAMPLE_RATE_RANGE_HZ } from './audio-decoder.js';
import { checkContainerEnd } from './container-end.js';
import {
  MOST_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_SHARE,
} from './damaged-packets.js';
import { averageChannels } from './mono.js';
import type {
  NativeCodecContext,
  NativeFormatContext,
  NativeFrame,
  NativeStream,
  NodeAv,
} from './node-av-api.js';
import { AV } from './node-av-api.js';
import type { Resampler } from './resampler.js';
import { createCollector, createResampler } from './resampler.js';
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
  const spectral = createSpectralResampling();
  return (rate) => {
    if (rate === SAMPLE_RATE_HZ) return createCollector();
    return spectral(rate) ?? createResampler(nodeAv, rate);
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
    const stream = openAudioStream(nodeAv, format, path);
    const { channels, sampleRate } = checkedParameters(stream, limits);
    openCodec(nodeAv, codec, stream);
    const read = readSamples(nodeAv, format, codec, stream, limits, resamplerFor);
    const durationSeconds = read.inputSamples / sampleRate;
    checkStatedDuration(durationSeconds, canStateDuration(path) ? statedSeconds(stream) : undefined);
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

function openAudioStream(nodeAv: NodeAv, format: NativeFormatContext, path: string): NativeStream {
  const options = nodeAv.Dictionary.fromObject({
    format_whitelist: DEMUXER_WHITELIST,
    protocol_whitelist: 'file',
  });
  try {
    const opened = format.openInputSync(`file:${path}`, null, options);
    if (opened < 0) throw undecodable(nodeAv, 'not a known audio container', opened);
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

function openCodec(nodeAv: NodeAv, codec: NativeCodecContext, stream: NativeStream): void {
  const { codecId } = stream.codecpar;
  const decoder = nodeAv.Codec.findDecoder(codecId);
  if (!decoder) {
    const name = nodeAv.avGetCodecName(codecId) ?? 'unknown';
    throw new AudioUndecodable(`Audio cannot be decoded: no decoder for codec ${name}`);
  }
  codec.allocContext3(decoder);
  codec.parametersToContext(stream.codecpar);
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
  const resampler = resamplerFor(stream.codecpar.sampleRate);
  const packet = new nodeAv.Packet();
  const frame = new nodeAv.Frame();
  packet.alloc();
  frame.alloc();
  const sink = createFrameSink(stream, limits, resampler);
  let packets = 0;
  let damaged = 0;
  const drain = (): void => {
    while (codec.receiveFrameSync(frame) >= 0) {
      sink.push(frame);
      frame.unref();
    }
  };
  try {
    while (format.readFrameSync(packet) >= 0) {
      if (packet.streamIndex === stream.index) {
        packets++;
        if (codec.sendPacketSync(packet) < 0 && ++damaged > MOST_DAMAGED_PACKETS) break;
        drain();
      }
      packet.unref();
    }
    codec.sendPacketSync(null);
    drain();
    if (sink.inputSamples() === 0) throw new AudioUndecodable('Audio cannot be decoded: it holds no sound');
    if (damaged > TOLERATED_DAMAGED_PACKETS && damaged > TOLERATED_DAMAGED_SHARE * packets) {
      throw new AudioUndecodable(`Audio cannot be decoded: ${damaged} of ${packets} packets are damaged`);
    }
    return { samples: resampler.finish(), inputSamples: sink.inputSamples() };
  } finally {
    frame.free();
    packet.free();
    resampler.free();
  }
}

/** Checks each decoded frame, averages its channels and hands it on. */
function createFrameSink(stream: NativeStream, limits: DecodeLimits, resampler: Resampler) {
  const { channels, sampleRate } = stream.codecpar;
  let mono = new Float32Array(0);
  let inputSamples = 0;
  return {
    inputSamples: () => inputSamples,
    push(frame: NativeFrame): void {
      if (frame.channels !== channels || frame.sampleRate !== sampleRate) {
        throw new AudioUndecodable(
          `Audio cannot be decoded: it changes from ${channels} channels at ${sampleRate} Hz to ` +
            `${frame.channels} at ${frame.sampleRate} Hz`,
        );
      }
      const count = frame.nbSamples;
      inputSamples += count;
      if (inputSamples > limits.maxSeconds * sampleRate) {
        throw new AudioTooLong(`Audio is longer than the limit of ${limits.maxSeconds} s`);
      }
      if (mono.length < count) mono = new Float32Array(count);
      const block = mono.subarray(0, count);
      if (!averageChannels(frame.format, frame.extendedData ?? [], channels, count, block)) {
        throw new AudioUndecodable(`Audio cannot be decoded: unknown sample format ${frame.format}`);
      }
      resampler.push(block);
    },
  };
}

function undecodable(nodeAv: NodeAv, what: string, code: number): AudioUndecodable {
  return new AudioUndecodable(`Audio cannot be decoded: ${what} (${nodeAv.FFmpegError.strerror(code)})`);
}
