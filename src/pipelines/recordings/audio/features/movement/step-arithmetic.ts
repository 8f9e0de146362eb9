import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import type { FeatureKernel } from '../kernel/feature-kernel.js';

const DOUBLE = Float64Array.BYTES_PER_ELEMENT;
/** Rows that one clip asks for: garbage outside V8's heap would cost as much as they do. */
const MOST_ROWS = 8;

/** Where a ramp begins and ends; it falls where the end is the lower. */
export type Ramp = readonly [low: number, high: number];

/** What is counted over a whole row of steps or frames, two at a time. Rows that are answered lie in the kernel's memory until the next clip. */
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
  let rowBytes = 0;
  let rows = 0;
  let answered = 0;
  const load = (address: number, values: Float64Array): number => {
    memory.doubles(address, values.length).set(values);
    return values.length;
  };
  /** The next row, filled with values that become the answer in place. */
  const answer = (values: Float64Array, work: (address: number, count: number) => void): Float64Array => {
    if (answered === MOST_ROWS) throw new RangeError(`A clip asks for at most ${MOST_ROWS} rows`);
    const address = rows + answered++ * rowBytes;
    work(address, load(address, values));
    return memory.doubles(address, values.length);
  };

  return {
    startClip(mostValues) {
      first = memory.reserve(mostValues * DOUBLE);
      second = memory.reserve(mostValues * DOUBLE);
      // The kernel takes two values at a time.
      rowBytes = (mostValues + (mostValues % 2)) * DOUBLE;
      rows = memory.reserve(MOST_ROWS * rowBytes);
      answered = 0;
    },
    relativeDecibels(powers, loud, rangeDb) {
      const floor = loud * 10 ** (-rangeDb / 10);
      const reference = 10 * Math.log10(loud + floor);
      return answer(powers, (address, count) => kernel.relativeDecibels(address, count, floor, reference));
    },
    decibelRatios(values, divisors, floor) {
      load(second, divisors);
      return answer(values, (address, count) => kernel.decibelRatios(address, second, count, floor));
    },
    ramps(values, [low, high]) {
      return answer(values, (address, count) => kernel.ramps(address, count, low, high));
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
