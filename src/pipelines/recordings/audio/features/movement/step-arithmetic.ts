import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import type { FeatureKernel } from '../kernel/feature-kernel.js';

const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

/** Where a ramp begins and ends; it falls where the end is the lower. */
export type Ramp = readonly [low: number, high: number];

/** What is counted over a whole row of steps or frames, two at a time. Answers are the caller's to keep. */
export interface StepArithmetic {
  /** Decibels relative to the loud parts' power, down to `-rangeDb`. */
  relativeDecibels(powers: Float64Array, loud: number, rangeDb: number): Float64Array;
  /** Decibels of `values` over `divisors`, both raised by `floor`. */
  decibelRatios(values: Float64Array, divisors: Float64Array, floor: number): Float64Array;
  /** 0 up to `low`, 1 from `high`, straight between. */
  ramps(values: Float64Array, ramp: Ramp): Float64Array;
  /** Sums of such ramps. */
  rampSums(values: Float64Array, ramps: readonly Ramp[]): number[];
  /** Sums of the squares by which values differ from those `lag` later. */
  squaredChanges(values: Float64Array, lags: readonly number[]): number[];
  /** Means of the sizes of the same changes, weighted by the product of both values' weights. */
  weightedChanges(values: Float64Array, weights: Float64Array, lags: readonly number[]): number[];
}

/** @returns the same object for every clip; `startClip` gives it room for rows of so many values */
export function createStepArithmetic(
  kernel: FeatureKernel,
  memory: KernelMemory,
): StepArithmetic & { startClip(mostValues: number): void } {
  let first = 0;
  let second = 0;
  const load = (address: number, values: Float64Array): number => {
    memory.doubles(address, values.length).set(values);
    return values.length;
  };
  const answer = (count: number): Float64Array => memory.doubles(first, count).slice();

  return {
    startClip(mostValues) {
      first = memory.reserve(mostValues * DOUBLE);
      second = memory.reserve(mostValues * DOUBLE);
    },
    relativeDecibels(powers, loud, rangeDb) {
      const floor = loud * 10 ** (-rangeDb / 10);
      const count = load(first, powers);
      kernel.relativeDecibels(first, count, floor, 10 * Math.log10(loud + floor));
      return answer(count);
    },
    decibelRatios(values, divisors, floor) {
      load(second, divisors);
      const count = load(first, values);
      kernel.decibelRatios(first, second, count, floor);
      return answer(count);
    },
    ramps(values, [low, high]) {
      const count = load(first, values);
      kernel.ramps(first, count, low, high);
      return answer(count);
    },
    rampSums(values, ramps) {
      const count = load(first, values);
      return ramps.map(([low, high]) => kernel.rampSum(first, count, low, high));
    },
    squaredChanges(values, lags) {
      const count = load(first, values);
      return lags.map((lag) => (count > lag ? kernel.squaredChanges(first, count - lag, lag) : 0));
    },
    weightedChanges(values, weights, lags) {
      const count = load(first, values);
      load(second, weights);
      return lags.map((lag) => (count > lag ? kernel.weightedChanges(first, second, count - lag, lag) : 0));
    },
  };
}
