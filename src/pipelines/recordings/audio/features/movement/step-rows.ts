import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import { HOP_LENGTH } from '../analysis.js';
import type { StepRows } from './levels.js';
import { CLICK_STEPS, MORPHOLOGY_MARGIN_STEPS, STEP_LENGTH, STEPS_PER_SECOND } from './levels.js';

export const STEPS_PER_HOP = HOP_LENGTH / STEP_LENGTH;
const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

/** Reserves the rows of a clip. The first five lie one after the other, as the kernel's \`sampleLevels\` writes them. */
export function reserveSteps(memory: KernelMemory, sampleCount: number): StepRows {
  const count = Math.max(1, Math.floor(sampleCount / STEP_LENGTH));
  // Hops are levelled whole.
  const rowBytes = Math.ceil(sampleCount / HOP_LENGTH) * STEPS_PER_HOP * DOUBLE;
  const rows = (howMany: number): number => memory.reserve(howMany * rowBytes);
  const energy = rows(5);
  return {
    count,
    seconds: count / STEPS_PER_SECOND,
    rowBytes,
    energy,
    sharpness: energy + rowBytes,
    sharpest: energy + 2 * rowBytes,
    highest: energy + 3 * rowBytes,
    lowest: energy + 4 * rowBytes,
    level: rows(1),
    deep: rows(1),
    sharp: rows(1),
    active: rows(1),
    fall: rows(1),
    clicks: rows(CLICK_STEPS.length),
    work: memory.reserve(rowBytes + MORPHOLOGY_MARGIN_STEPS * DOUBLE),
    other: rows(1),
  };
}
