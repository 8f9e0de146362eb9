import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import type { FeatureWriter } from '../feature-writer.js';
import type { FeatureKernel } from '../kernel/feature-kernel.js';
import type { StepRows } from './levels.js';
import { STEP_LENGTH } from './levels.js';

const TINY = 1e-6;
/** Shares of the peak from which samples count as large. */
const [HIGH_SHARE, MIDDLE_SHARE] = [0.9, 0.7];

/**
 * Writes features of the largest samples: how many there are, how far above the loud parts, and whether on one side only.
 *
 * @param loud power of the loud parts
 */
export function peakFeatures(
  kernel: FeatureKernel,
  memory: KernelMemory,
  samples: Float32Array,
  { count, highest, lowest }: StepRows,
  loud: number,
  writer: FeatureWriter,
): void {
  // What is left over after the last whole step.
  const rest = samples.length < STEP_LENGTH ? 0 : count * STEP_LENGTH;
  let top = kernel.highest(highest, count);
  let bottom = kernel.lowest(lowest, count);
  for (let i = rest; i < samples.length; i++) {
    top = Math.max(top, samples[i]!);
    bottom = Math.min(bottom, samples[i]!);
  }
  const peak = Math.max(top, -bottom);

  const [high, middle] = [HIGH_SHARE * peak, MIDDLE_SHARE * peak];
  let aboveHigh = countFrom(samples, rest, samples.length, high);
  let aboveMiddle = countFrom(samples, rest, samples.length, middle);
  const tops = memory.doubles(highest, count);
  const bottoms = memory.doubles(lowest, count);
  for (let step = 0; step < count && rest > 0; step++) {
    // Most steps are far from the peak.
    if (Math.max(tops[step]!, -bottoms[step]!) < middle) continue;
    const first = step * STEP_LENGTH;
    aboveHigh += countFrom(samples, first, first + STEP_LENGTH, high);
    aboveMiddle += countFrom(samples, first, first + STEP_LENGTH, middle);
  }
  const ratio = (Math.max(top, 0) + TINY) / (Math.max(-bottom, 0) + TINY);
  writer.push(aboveHigh / samples.length);
  writer.push(aboveMiddle / samples.length);
  writer.push(20 * Math.log10((peak + TINY) / Math.sqrt(loud)));
  writer.push(Math.abs(20 * Math.log10(ratio)));
}

/** Samples from `first` to before `end` whose size is at least `least`. */
function countFrom(samples: Float32Array, first: number, end: number, least: number): number {
  let found = 0;
  for (let i = first; i < end; i++) if (Math.abs(samples[i]!) >= least) found++;
  return found;
}
