import { AudioTooLong, AudioUndecodable } from '../../errors.js';
import type { DecodeLimits } from './audio-decoder.js';
import { averageChannels } from './mono.js';
import { createNativeMixer, type NativeMixer } from './native-mixer.js';
import type { NativeFrame, NodeAv } from '../../../../platform/node-av/api.js';
import type { Resampler } from './resampler.js';

/** Samples that a mixer gathers before they are handed on: enough that the calls for it cost nothing. */
const GATHERED_SAMPLES = 16_384;

/** Takes decoded frames: checks them, averages their channels, resamples. */
export interface FrameSink {
  /**
   * @throws AudioTooLong as soon as the limit is exceeded
   * @throws AudioUndecodable when channels or rate are not those of the stream any more
   */
  push(frame: NativeFrame): void;
  /** Samples before resampling. */
  inputSamples(): number;
  /** Everything at 22,050 Hz; ends the sink. */
  finish(): Float32Array;
  free(): void;
}

/** What the stream's header says. */
export interface StreamParameters {
  channels: number;
  sampleRate: number;
}

/** @param secondsBefore of the recording's earlier sections, which the limit counts too */
export function createFrameSink(
  nodeAv: NodeAv,
  { channels, sampleRate }: StreamParameters,
  limits: DecodeLimits,
  resampler: Resampler,
  secondsBefore: number,
): FrameSink {
  const mostSamples = (limits.maxSeconds - secondsBefore) * sampleRate;
  let mixer: NativeMixer | undefined;
  let gathered = 0;
  let inputSamples = 0;

  const flush = (): void => {
    while (gathered > 0) {
      const room = resampler.room();
      const part = room.length > gathered ? room.subarray(0, gathered) : room;
      mixer!.take(part);
      gathered -= part.length;
      resampler.written(part.length);
    }
  };
  const freeMixer = (): void => {
    mixer?.free();
    mixer = undefined;
  };
  /** The first frame of a kind; in a sound file, the first. */
  const pushOther = (frame: NativeFrame, count: number): void => {
    if (frame.channels !== channels || frame.sampleRate !== sampleRate) {
      throw new AudioUndecodable(
        `Audio cannot be decoded: it changes from ${channels} channels at ${sampleRate} Hz to ` +
          `${frame.channels} at ${frame.sampleRate} Hz`,
      );
    }
    flush();
    freeMixer();
    mixer = createNativeMixer(nodeAv, frame);
    if (mixer?.push(frame)) {
      gathered = count;
      return;
    }
    freeMixer();
    const mono = new Float32Array(count);
    if (!averageChannels(frame.format, frame.extendedData ?? [], channels, count, mono)) {
      throw new AudioUndecodable(`Audio cannot be decoded: unknown sample format ${frame.format}`);
    }
    resampler.push(mono);
  };

  return {
    inputSamples: () => inputSamples,
    push(frame) {
      const count = frame.nbSamples;
      inputSamples += count;
      if (inputSamples > mostSamples) {
        throw new AudioTooLong(`Audio is longer than the limit of ${limits.maxSeconds} s`);
      }
      // The mixer refuses frames unlike the first, so the checks need not be made of each.
      if (mixer?.push(frame)) gathered += count;
      else pushOther(frame, count);
      if (gathered >= GATHERED_SAMPLES) flush();
    },
    finish() {
      flush();
      return resampler.finish();
    },
    free() {
      freeMixer();
      resampler.free();
    },
  };
}
