import { statSync } from 'node:fs';
import { AudioUndecodable } from '../../errors.js';
import { SAMPLE_RATE_HZ } from '../features/analysis.js';
import type { AudioDecoder, DecodedAudio, DecodeLimits } from './audio-decoder.js';
import { examineContainer } from './container/examine-container.js';
import {
  MOST_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_PACKETS,
  TOLERATED_DAMAGED_SHARE,
} from './damaged-packets.js';
import { isWave, readHead } from './file-head.js';
import { createFrameSink, type FrameSink } from './frame-sink.js';
import { joinSections, type DecodedSection } from './joined-sections.js';
import type {
  NativeCodecContext,
  NativeFormatContext,
  NativeStream,
  NodeAv,
} from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import { checkedParameters, openAudioStream, openCodec, undecodable } from './node-av-stream.js';
import type { Resampler } from './resampler.js';
import { createCollector, createResampler } from './resampler.js';
import { createSampleBuffer, type SampleBuffer } from './sample-buffer.js';
import { sectionInput, type SectionInput } from './section-input.js';
import { createSpectralResampling } from './spectral-resampler.js';
import { checkSoundRead } from './sound-read.js';
import { checkStatedDuration } from './stated-duration.js';

/** FFmpeg in this process. A native crash takes the process with it, so it runs in the pool's children only. */
export function createNodeAvDecoder(nodeAv: NodeAv, limits: DecodeLimits): AudioDecoder {
  const output = createSampleBuffer();
  const session: Session = { nodeAv, limits, resamplerFor: createResamplers(nodeAv, output) };
  return {
    name: 'node-av',
    decode: (path) => Promise.resolve().then(() => decode(session, path)),
    recycle: (samples) => output.recycle(samples),
  };
}

type ResamplerFor = (inputRateHz: number) => Resampler;

/** What one recording after the other is decoded with. */
interface Session {
  nodeAv: NodeAv;
  limits: DecodeLimits;
  resamplerFor: ResamplerFor;
}

function createResamplers(nodeAv: NodeAv, output: SampleBuffer): ResamplerFor {
  const spectral = createSpectralResampling(output);
  return (rate) => {
    if (rate === SAMPLE_RATE_HZ) return createCollector(output);
    return spectral(rate) ?? createResampler(nodeAv, rate, output);
  };
}

function decode(session: Session, path: string): DecodedAudio {
  const { statedSeconds, soundBytes, sections } = examineContainer(path);
  const wave = sections === undefined && isWave(readHead(path));
  const decoded: DecodedSection[] = [];
  let seconds = 0;
  for (const section of sections ?? [undefined]) {
    const part = decodeSection(session, sectionInput(path, section), wave, seconds);
    seconds += part.seconds;
    decoded.push(part);
  }
  const { samples, first, readBytes } = joinSections(decoded);
  checkSoundRead(readBytes, soundBytes);
  const failed = decoded.find(({ readFailure }) => readFailure !== undefined)?.readFailure;
  // What a demuxer stumbles over behind the sound does not matter; whether it is behind it must be known.
  if (failed !== undefined && soundBytes === undefined) {
    throw undecodable(session.nodeAv, 'reading it fails on the way', failed);
  }
  checkStatedDuration(seconds, statedSeconds);
  const { codec, sampleRate, channels } = first;
  return {
    samples,
    audio: {
      duration_seconds: seconds,
      codec,
      sample_rate: sampleRate,
      channels,
      bytes: statSync(path).size,
    },
  };
}

function decodeSection(
  { nodeAv, limits, resamplerFor }: Session,
  input: SectionInput,
  wave: boolean,
  secondsBefore: number,
): DecodedSection {
  const format = new nodeAv.FormatContext();
  const codec = new nodeAv.CodecContext();
  try {
    const stream = openAudioStream(nodeAv, format, input, wave);
    const { channels, sampleRate } = checkedParameters(stream, limits);
    openCodec(nodeAv, codec, stream);
    const sink = createFrameSink(nodeAv, stream.codecpar, limits, resamplerFor(sampleRate), secondsBefore);
    const { inputSamples, ...read } = readSamples(nodeAv, format, codec, stream, sink);
    return {
      ...read,
      seconds: inputSamples / sampleRate,
      codec: nodeAv.avGetCodecName(stream.codecpar.codecId) ?? 'unknown',
      sampleRate,
      channels,
    };
  } finally {
    codec.freeContext();
    format.closeInputSync();
  }
}

/** Frees the sink. */
function readSamples(
  nodeAv: NodeAv,
  format: NativeFormatContext,
  codec: NativeCodecContext,
  stream: NativeStream,
  sink: FrameSink,
): Pick<DecodedSection, 'samples' | 'readBytes' | 'readFailure'> & { inputSamples: number } {
  const packet = new nodeAv.Packet();
  const frame = new nodeAv.Frame();
  packet.alloc();
  frame.alloc();
  const isOnlyStream = format.streams?.length === 1;
  const { index } = stream;
  let packets = 0;
  let damaged = 0;
  let readBytes = 0;
  /** @returns whether there was a frame; receiving gives up what the last one held */
  const receive = (): boolean => {
    const received = codec.receiveFrameSync(frame);
    if (received >= 0) sink.push(frame);
    else if (received !== AV.errorAgain && received !== AV.errorEof) damaged++;
    return received >= 0;
  };
  /**
   * A packet of sound gives one frame nearly always, and asking for a second costs as much as a call can: what a packet gives beyond
   * one is received when the decoder takes no further packet for it, or at the end.
   */
  const send = (): void => {
    let sent = codec.sendPacketSync(packet);
    while (sent === AV.errorAgain && receive()) sent = codec.sendPacketSync(packet);
    if (sent < 0) damaged++;
    else receive();
  };
  try {
    let read = format.readFrameSync(packet);
    for (; read >= 0 && damaged <= MOST_DAMAGED_PACKETS; read = format.readFrameSync(packet)) {
      if (isOnlyStream || packet.streamIndex === index) {
        packets++;
        readBytes += packet.size;
        send();
      }
      packet.unref();
    }
    codec.sendPacketSync(null);
    while (receive());
    const inputSamples = sink.inputSamples();
    if (inputSamples === 0) throw new AudioUndecodable('Audio cannot be decoded: it holds no sound');
    if (damaged > TOLERATED_DAMAGED_PACKETS && damaged > TOLERATED_DAMAGED_SHARE * packets) {
      throw new AudioUndecodable(`Audio cannot be decoded: ${damaged} of ${packets} packets are damaged`);
    }
    if (isOnlyStream && format.streams.length > 1) {
      throw new AudioUndecodable('Audio cannot be decoded: another stream begins on the way');
    }
    const hasFailed = read < 0 && read !== AV.errorEof;
    return { samples: sink.finish(), inputSamples, readBytes, ...(hasFailed && { readFailure: read }) };
  } finally {
    frame.free();
    packet.free();
    sink.free();
  }
}
