import { FRAME_LENGTH, frameCount, HOP_LENGTH } from './analysis.js';

const HOPS_PER_FRAME = FRAME_LENGTH / HOP_LENGTH;
/** Samples nearer to zero than this have no sign; single precision, as librosa compares them. */
const ZERO_THRESHOLD = Math.fround(1e-10);
/** A sample at or beyond this counts as clipped. */
const CLIPPED_FROM = Math.fround(0.99);
/** A frame is silent 40 dB below the loudest one. */
const SILENT_BELOW_PEAK = 0.01;

/** Per frame: root mean square and the share of samples at which the sign changes. */
export interface FrameLevels {
  rms: Float32Array;
  zeroCrossingRate: Float64Array;
}

/**
 * Levels of every frame, from sums over hops: four neighbouring hops make a frame.
 * Outside the clip the root mean square sees zeros, the zero crossings see the edge sample.
 */
export function frameLevels(samples: Float32Array): FrameLevels {
  const frames = frameCount(samples.length);
  const hops = Math.ceil(samples.length / HOP_LENGTH);
  const energies = new Float64Array(hops);
  const crossings = new Int32Array(hops);
  for (let hop = 0; hop < hops; hop++) {
    const end = Math.min(samples.length, (hop + 1) * HOP_LENGTH);
    let energy = 0;
    let count = 0;
    for (let i = hop * HOP_LENGTH; i < end; i++) {
      energy += samples[i]! * samples[i]!;
      if (crossesZero(samples, i)) count++;
    }
    energies[hop] = energy;
    crossings[hop] = count;
  }

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
  return i > 0 && i < samples.length && isNegative(samples[i]!) !== isNegative(samples[i - 1]!);
}

function isNegative(sample: number): boolean {
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

/** Share of samples at full scale. */
export function clippingRatio(samples: Float32Array): number {
  let clipped = 0;
  for (const sample of samples) if (Math.abs(sample) >= CLIPPED_FROM) clipped++;
  return clipped / samples.length;
}
