import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import type { FeatureKernel } from '../kernel/feature-kernel.js';
import { FRAMES_PER_GROUP } from '../kernel/feature-kernel.js';
import { BAND_COUNT, FINE_BAND_COUNT } from './bands.js';
import type { Movement } from './movement.js';
import { RANGE_DB } from './numbers.js';
import { PITCH_BIN_COUNT, PITCH_COUNT, PITCH_STRIDE, pitchTables } from './pitch.js';
import { reserveSteps } from './step-rows.js';

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const DOUBLE = Float64Array.BYTES_PER_ELEMENT;
const VECTOR = FRAMES_PER_GROUP * FLOAT;

/** What a clip's analysis asks of the kernel for `movementFeatures`, group by group. */
export interface MovementStages {
  /** Reserves a clip's rows. */
  startClip(sampleCount: number, frames: number): Movement;
  /** @param magnitudes of four frames */
  takeMagnitudes(magnitudes: number, group: number): void;
  /** @param mel decibels of all groups of frames */
  takeMel(mel: number, groups: number, loudest: number): void;
}

export function createMovementStages(kernel: FeatureKernel, memory: KernelMemory): MovementStages {
  const { spacings, termCounts, terms } = pitchTables();
  const tables = { spacings: memory.keep(spacings), terms: memory.keep(terms), ends: 0 };
  let end = tables.terms;
  tables.ends = memory.keep(Int32Array.from(termCounts, (count) => (end += count * 2 * 3 * FLOAT)));
  const collected = memory.keepBytes(PITCH_BIN_COUNT * VECTOR);
  const flat = memory.keepBytes(2 * PITCH_BIN_COUNT * VECTOR);

  let frames = 0;
  let pitches = 0;
  let fine = 0;

  return {
    startClip(sampleCount, frameCount) {
      frames = frameCount;
      const groups = Math.ceil(frames / FRAMES_PER_GROUP);
      const rowBytes = groups * FRAMES_PER_GROUP * DOUBLE;
      pitches = memory.reserve(Math.ceil(groups / PITCH_STRIDE) * 3 * VECTOR);
      fine = memory.reserve(groups * FRAMES_PER_GROUP * FINE_BAND_COUNT * FLOAT);
      return {
        steps: reserveSteps(memory, sampleCount),
        bands: {
          frames,
          fine,
          rowBytes,
          wide: memory.reserve((BAND_COUNT + 1) * rowBytes),
          centred: memory.reserve(BAND_COUNT * rowBytes),
          weighted: memory.reserve(BAND_COUNT * rowBytes),
          work: memory.reserve(rowBytes),
        },
        pitches,
        active: memory.reserve(rowBytes),
      };
    },
    takeMagnitudes(magnitudes, group) {
      kernel.collectMagnitudes(magnitudes, collected, group % PITCH_STRIDE);
      if (group % PITCH_STRIDE === 0 && (group + 1) * FRAMES_PER_GROUP < frames) return;
      // Two groups of frames have four that pitches are looked for in.
      const found = pitches + (group >> 1) * 3 * VECTOR;
      kernel.findPitches(collected, flat, PITCH_COUNT, tables.spacings, tables.ends, tables.terms, found);
    },
    takeMel: (mel, groups, loudest) => kernel.bandMeans(mel, groups, loudest - RANGE_DB, fine),
  };
}
