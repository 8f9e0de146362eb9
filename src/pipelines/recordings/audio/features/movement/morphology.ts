import type { FeatureKernel } from '../kernel/feature-kernel.js';
import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';

const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

/** What lies between neighbours, for a clip's steps. Each answer is valid until the next question. */
export interface Morphology {
  /** The largest of every `width` neighbours: windows that lie wholly inside. */
  readonly windowMaxima: (values: Float64Array, width: number) => Float64Array;
  /** Takes off the peaks that are narrower than `width` (a morphological opening); of fewer values than that, all but the least. */
  readonly withoutPeaks: (values: Float64Array, width: number) => Float64Array;
  /** Fills the gaps that are narrower than `width` (a morphological closing); of fewer values than that, all but the largest. */
  readonly withoutGaps: (values: Float64Array, width: number) => Float64Array;
}

/**
 * @returns the same object for every clip; `startClip` gives it room of the clip's for so many values, those of the longest question
 * and its width together
 */
export function createMorphology(
  kernel: FeatureKernel,
  memory: KernelMemory,
): Morphology & { startClip(mostValues: number): void } {
  let address = 0;

  /** Two slides: over each neighbourhood, then back over the windows that hold each value; outside is `outside`. */
  function slideTwice(
    values: Float64Array,
    width: number,
    first: 'slideMax' | 'slideMin',
    second: 'slideMax' | 'slideMin',
    outside: number,
  ): Float64Array {
    const lead = width - 1;
    const work = memory.doubles(address, values.length + lead);
    work.set(values, lead);
    const windows = kernel[first](address + lead * DOUBLE, values.length, Math.min(width, values.length));
    work.fill(outside, 0, lead);
    work.fill(outside, lead + windows);
    kernel[second](address, work.length, width);
    return work.subarray(0, values.length);
  }

  return {
    startClip: (mostValues) => (address = memory.reserve(mostValues * DOUBLE)),
    windowMaxima(values, width) {
      const work = memory.doubles(address, values.length);
      work.set(values);
      return work.subarray(0, kernel.slideMax(address, work.length, width));
    },
    withoutPeaks: (values, width) => slideTwice(values, width, 'slideMin', 'slideMax', -Infinity),
    withoutGaps: (values, width) => slideTwice(values, width, 'slideMax', 'slideMin', Infinity),
  };
}
