import type { KernelMemory } from '../../../../platform/kernel/start-kernel.js';

const RADICES = [4, 2, 3, 5, 7];

/** Radices of the passes that transform `length` values, or undefined when it has a prime factor above 7. */
export function passRadices(length: number): number[] | undefined {
  const radices: number[] = [];
  let rest = length;
  for (const radix of RADICES) {
    while (rest % radix === 0) {
      radices.push(radix);
      rest /= radix;
    }
  }
  return rest === 1 ? radices : undefined;
}

/**
 * Lays the tables of a transform of `length` values into the kernel's memory.
 *
 * @returns the address of its passes, as resample.as takes them
 */
export function keepPasses(memory: KernelMemory, length: number): number {
  const passes: number[] = [];
  let rest = length;
  for (const radix of passRadices(length) ?? []) {
    const groups = rest / radix;
    passes.push(radix, groups, memory.keep(twiddles(rest, radix)), memory.keep(roots(radix)));
    rest = groups;
  }
  return memory.keep(Int32Array.of(...passes, 0));
}

/** For each group the first `radix - 1` powers of its twiddle factor, as re, im pairs. */
function twiddles(length: number, radix: number): Float32Array {
  const factors: number[] = [];
  for (let group = 0; group < length / radix; group++) {
    for (let power = 1; power < radix; power++) {
      const angle = (-2 * Math.PI * group * power) / length;
      factors.push(Math.cos(angle), Math.sin(angle));
    }
  }
  return Float32Array.from(factors);
}

function roots(radix: number): Float32Array {
  return Float32Array.from({ length: 2 * radix }, (_, i) => {
    const angle = (2 * Math.PI * (i >> 1)) / radix;
    return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
}
