import type { NativeFrame, NativeResampleContext, NodeAv } from '../../../../platform/node-av/api.js';
import { AV } from '../../../../platform/node-av/ffmpeg-numbers.js';

/** Averages the channels of frames in FFmpeg's own code, and keeps what it made until it is asked for. */
export interface NativeMixer {
  /** @returns false when the frame is laid out unlike the one that the mixer was made for; it is not taken then */
  push(frame: NativeFrame): boolean;
  /** Writes so many mono samples, which were pushed before; full scale 1. */
  take(into: Float32Array): void;
  free(): void;
}

/**
 * swresample without resampling. A frame that JavaScript looks into costs two objects outside V8's heap for each channel; one that is
 * handed on costs a call, and what comes out is written where it is needed.
 *
 * @param frame the first of those that it is for
 * @returns undefined for channels that no speakers' places are known of
 */
export function createNativeMixer(nodeAv: NodeAv, frame: NativeFrame): NativeMixer | undefined {
  const { channels, sampleRate, format, channelLayout } = frame;
  if (channelLayout.order !== AV.nativeOrder) return undefined;
  const context: NativeResampleContext = new nodeAv.SoftwareResampleContext();
  context.allocSetOpts2(AV.monoLayout, AV.sampleFormatFloat, sampleRate, channelLayout, format, sampleRate);
  // FFmpeg's own down-mix weighs the channels otherwise than librosa.
  if (channels > 1) context.setMatrix(new Array<number>(channels).fill(1 / channels), channels);
  if (context.init() < 0) {
    context.free();
    return undefined;
  }
  return {
    push: (next) => context.convertFrame(null, next) >= 0,
    take(into) {
      const bytes = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
      const written = context.convertSync([bytes], into.length, null, 0);
      if (written !== into.length) throw new Error(`swresample gave ${written} of ${into.length} samples`);
    },
    free: () => context.free(),
  };
}
