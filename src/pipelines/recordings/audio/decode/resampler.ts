import { SAMPLE_RATE_HZ } from '../features/analysis.js';
import { CUTOFF_SHARE, FILTER_TAPS, KAISER_BETA } from './low-pass.js';
import type { NativeResampleContext, NodeAv } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';
import { createSampleBuffer, type SampleBuffer } from './sample-buffer.js';

/**
 * swresample laid out like soxr's high quality, which librosa uses: 105 dB signal to noise against it, where the
 * defaults reach 55 dB and move some features by more than a training standard deviation.
 */
export function soxrLikeOptions(inputRateHz: number): Record<string, string> {
  return {
    filter_size: String(FILTER_TAPS),
    filter_type: 'kaiser',
    kaiser_beta: String(KAISER_BETA),
    exact_rational: '1',
    phase_shift: '10',
    cutoff: String(CUTOFF_SHARE * Math.min(1, inputRateHz / SAMPLE_RATE_HZ)),
    // Rates too odd for an exact table of phases need interpolation between phases instead.
    ...(SAMPLE_RATE_HZ / greatestCommonDivisor(inputRateHz, SAMPLE_RATE_HZ) > 1_024 && {
      linear_interp: '1',
    }),
  };
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * Silence that surrounds a recording while it is resampled, since swresample mirrors the sound at its edges and soxr
 * does not: whole periods of the two rates, so that what is dropped afterwards is a whole number of samples.
 */
export function silencePadding(inputRateHz: number): { inputSamples: number; outputSamples: number } {
  const divisor = greatestCommonDivisor(inputRateHz, SAMPLE_RATE_HZ);
  const inputPeriod = inputRateHz / divisor;
  const reach = Math.ceil(FILTER_TAPS * Math.max(1, inputRateHz / SAMPLE_RATE_HZ));
  const periods = Math.ceil(reach / inputPeriod);
  return { inputSamples: periods * inputPeriod, outputSamples: (periods * SAMPLE_RATE_HZ) / divisor };
}

/** Samples that librosa's resampling makes of so many. */
export function resampledLength(inputSamples: number, inputRateHz: number): number {
  return Math.ceil((inputSamples * SAMPLE_RATE_HZ) / inputRateHz);
}

/** Takes mono blocks of any length at one rate; gives the whole at 22,050 Hz. */
export interface Resampler {
  push(block: Float32Array): void;
  /** Where the next samples may be written at once, for at least one of them; void after any other call. */
  room(): Float32Array;
  /** Takes the first `count` samples of what `room` gave. */
  written(count: number): void;
  /** Ends the stream; the resampler cannot be used afterwards. */
  finish(): Float32Array;
  free(): void;
}

/** What `room` offers where nothing else says how much is best. */
const ROOM_SAMPLES = 16_384;

/** Collects blocks that already have the right rate. */
export function createCollector(output: SampleBuffer): Resampler {
  output.start();
  return {
    push: (block) => output.reserve(block.length).set(block),
    room() {
      const room = output.reserve(ROOM_SAMPLES);
      output.giveBack(ROOM_SAMPLES);
      return room;
    },
    written: (count) => void output.reserve(count),
    finish: () => output.take(0, Infinity),
    free: () => undefined,
  };
}

/** @throws Error when swresample refuses the rate; callers check the rate first */
export function createResampler(
  nodeAv: NodeAv,
  inputRateHz: number,
  output: SampleBuffer = createSampleBuffer(),
): Resampler {
  const context: NativeResampleContext = new nodeAv.SoftwareResampleContext();
  const { monoLayout, sampleFormatFloat } = AV;
  context.allocSetOpts2(
    monoLayout,
    sampleFormatFloat,
    SAMPLE_RATE_HZ,
    monoLayout,
    sampleFormatFloat,
    inputRateHz,
  );
  for (const [name, value] of Object.entries(soxrLikeOptions(inputRateHz))) context.setOption(name, value);
  const code = context.init();
  if (code < 0) throw new Error(`swresample refused ${inputRateHz} Hz: ${nodeAv.FFmpegError.strerror(code)}`);

  output.start();
  const padding = silencePadding(inputRateHz);
  let pushed = 0;
  const convert = (block: Float32Array): void => {
    // One more than the ratio gives, for what the filter held back.
    const room = resampledLength(block.length, inputRateHz) + 2;
    const target = output.reserve(room);
    const written = context.convertSync([bytesOf(target)], room, [bytesOf(block)], block.length);
    if (written < 0) throw new Error(`swresample failed: ${nodeAv.FFmpegError.strerror(written)}`);
    output.giveBack(room - written);
  };
  convert(new Float32Array(padding.inputSamples));
  const push = (block: Float32Array): void => {
    pushed += block.length;
    convert(block);
  };
  const room = new Float32Array(ROOM_SAMPLES);
  return {
    push,
    room: () => room,
    written: (count) => push(room.subarray(0, count)),
    finish() {
      convert(new Float32Array(padding.inputSamples));
      return output.take(padding.outputSamples, resampledLength(pushed, inputRateHz));
    },
    free: () => context.free(),
  };
}

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
