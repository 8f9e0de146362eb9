/**
 * The analysis that every feature shares; the values are those of `librosa.feature` as the reference calls it.
 * A model is trained on features of exactly this analysis, so a change here is a change of every model.
 */
export const SAMPLE_RATE_HZ = 22_050;
/** Samples of one frame, and of the FFT. */
export const FRAME_LENGTH = 2_048;
export const HOP_LENGTH = 512;
/** Bins of a frame's spectrum, from 0 Hz to half the sample rate, both included. */
export const BIN_COUNT = FRAME_LENGTH / 2 + 1;
export const MEL_BAND_COUNT = 128;
export const MFCC_COUNT = 20;
export const CONTRAST_BAND_COUNT = 7;

/** Frames of a clip: centred on every hop, the first on sample 0. */
export function frameCount(sampleCount: number): number {
  return 1 + Math.floor(sampleCount / HOP_LENGTH);
}

/** Hertz at the centre of a bin. */
export function binFrequency(bin: number): number {
  return (bin * SAMPLE_RATE_HZ) / FRAME_LENGTH;
}
