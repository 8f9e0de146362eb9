import type { StepLevels } from './levels.js';
import { STEP_LENGTH } from './levels.js';

const TINY = 1e-6;

/**
 * Features of the largest samples: how many there are, how far above the loud parts, and whether on one side only.
 *
 * @param loud power of the loud parts
 */
export function peakFeatures(
  samples: Float32Array,
  { energy, highest, lowest }: StepLevels,
  loud: number,
): number[] {
  let top = -Infinity;
  let bottom = Infinity;
  for (const value of highest) if (value > top) top = value;
  for (const value of lowest) if (value < bottom) bottom = value;
  // What is left over after the last whole step.
  const rest = samples.length < STEP_LENGTH ? 0 : energy.length * STEP_LENGTH;
  for (let i = rest; i < samples.length; i++) {
    if (samples[i]! > top) top = samples[i]!;
    if (samples[i]! < bottom) bottom = samples[i]!;
  }
  const peak = Math.max(top, -bottom);

  const [high, middle] = [0.9 * peak, 0.7 * peak];
  let aboveHigh = 0;
  let aboveMiddle = 0;
  const count = (from: number, end: number): void => {
    for (let i = from; i < end; i++) {
      const size = Math.abs(samples[i]!);
      if (size < middle) continue;
      aboveMiddle++;
      if (size >= high) aboveHigh++;
    }
  };
  for (let step = 0; step < energy.length && rest > 0; step++) {
    // Most steps are far from the peak.
    if (Math.max(highest[step]!, -lowest[step]!) < middle) continue;
    count(step * STEP_LENGTH, (step + 1) * STEP_LENGTH);
  }
  count(rest, samples.length);
  const ratio = (Math.max(top, 0) + TINY) / (Math.max(-bottom, 0) + TINY);
  return [
    aboveHigh / samples.length,
    aboveMiddle / samples.length,
    20 * Math.log10((peak + TINY) / Math.sqrt(loud)),
    Math.abs(20 * Math.log10(ratio)),
  ];
}
