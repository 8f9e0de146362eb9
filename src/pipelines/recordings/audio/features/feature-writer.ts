import type { KernelMemory } from '../../../../platform/kernel/start-kernel.js';

/** Appends values to a list in the kernel's memory, where the kernel may write them itself. */
export interface FeatureWriter {
  push(value: number): void;
  /** Address of the next `count` values, which the kernel writes. */
  take(count: number): number;
  /** What was written. */
  values(): Float64Array;
}

const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

/** @param address of room for `count` values; no memory may be reserved while the writer is in use */
export function createFeatureWriter(memory: KernelMemory, address: number, count: number): FeatureWriter {
  const values = memory.doubles(address, count);
  let next = 0;
  return {
    push(value) {
      values[next++] = value;
    },
    take(taken) {
      next += taken;
      return address + (next - taken) * DOUBLE;
    },
    values: () => values.slice(0, next),
  };
}
