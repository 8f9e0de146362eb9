import type { StoredPart } from '../../../objects/data-path/object-store.js';
import { partBytesOf } from './upload-options.js';

/** A part of an object: bytes `start` to `end` (exclusive). */
export interface PlannedPart {
  /** From 1. */
  partNumber: number;
  start: number;
  end: number;
}

/** The parts of an object of this size, in order. */
export function planParts(size: number): PlannedPart[] {
  const partBytes = partBytesOf(size);
  return Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => ({
    partNumber: index + 1,
    start: index * partBytes,
    end: Math.min(size, (index + 1) * partBytes),
  }));
}

/** Whether stored parts are ones of the plan; another size means that another plan made them. */
export function fitsPlan(plan: readonly PlannedPart[], stored: readonly StoredPart[]): boolean {
  return stored.every(({ partNumber, size }) => {
    const part = plan[partNumber - 1];
    return part !== undefined && part.end - part.start === size;
  });
}

export function missingParts(plan: readonly PlannedPart[], stored: readonly StoredPart[]): PlannedPart[] {
  const numbers = new Set(stored.map(({ partNumber }) => partNumber));
  return plan.filter(({ partNumber }) => !numbers.has(partNumber));
}

/** Neighbours together: a stretch of content each. */
export function runsOf(parts: readonly PlannedPart[]): PlannedPart[][] {
  const runs: PlannedPart[][] = [];
  for (const part of parts) {
    const run = runs.at(-1);
    if (run?.at(-1)?.end === part.start) run.push(part);
    else runs.push([part]);
  }
  return runs;
}
