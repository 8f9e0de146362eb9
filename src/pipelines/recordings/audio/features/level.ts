import { FRAME_LENGTH, frameCount, HOP_LENGTH } from './analysis.js';

const HOPS_PER_FRAME = FRAME_LENGTH / HOP_LENGTH;
/** Samples nearer to zero than this have no sign; single precision, as librosa compares them. */
const ZERO_THRESHOLD = Math.fround(1e-10);
/** A frame is silent 40 dB below the loudest one. */
const SILENT_BELOW_PEAK = 0.01;

/** Sums over hops of 512 samples. */
export interface HopLevels {
  /** Sums of squares. */
  energies: Float64Array;
  /** Samples whose sign is not that of the sample before. */
  crossings: Int32Array;
}

/** Per frame: root mean square and the share of samples at which the sign changes. */
export interface FrameLevels {
  rms: Float32Array;
  zeroCrossingRate: Float64Array;
}

/**
 * Levels of every frame: four neighbouring hops make a frame.
 * Outside the clip the root mean square sees zeros, the zero crossings see the edge sample.
 */
export function frameLevels(samples: Float32Array, { energies, crossings }: HopLevels): FrameLevels {
  const frames = frameCount(samples.length);
  const hops = energies.length;
  const rms = new Float32Array(frames);
  const zeroCrossingRate = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const firstHop = frame - HOPS_PER_FRAME / 2;
    let energy = 0;
    let count = 0;
    for (let hop = Math.max(0, firstHop); hop < Math.min(hops, firstHop + HOPS_PER_FRAME); hop++) {
      energy += energies[hop]!;
      count += crossings[hop]!;
    }
    // A frame's own first sample has no predecessor in it.
    if (firstHop > 0 && crossesZero(samples, firstHop * HOP_LENGTH)) count--;
    rms[frame] = Math.sqrt(energy / FRAME_LENGTH);
    zeroCrossingRate[frame] = count / FRAME_LENGTH;
  }
  return { rms, zeroCrossingRate };
}

function crossesZero(samples: Float32Array, i: number): boolean {
  return i < samples.length && isNegative(samples[i]!) !== isNegative(samples[i - 1]!);
}

/** Whether a sample lies below zero, as zero crossings see it. */
export function isNegative(sample: number): boolean {
  return sample < -ZERO_THRESHOLD;
}

/** Share of frames more than 40 dB below the loudest; a clip without sound is all silence. */
export function silenceRatio(rms: Float32Array): number {
  let peak = 0;
  for (const value of rms) if (value > peak) peak = value;
  if (peak <= 0) return 1;
  let silent = 0;
  for (const value of rms) if (value < peak * SILENT_BELOW_PEAK) silent++;
  return silent / rms.length;
}
