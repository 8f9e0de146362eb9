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
/** What `findPitches` says of four frames. */
const FOUND_BYTES = 3 * VECTOR;

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
  const { termCounts, ...values } = pitchTables();
  const tables = { spacings: memory.keep(values.spacings), terms: memory.keep(values.terms), ends: 0 };
  let end = tables.terms;
  tables.ends = memory.keep(Int32Array.from(termCounts, (count) => (end += count * 2 * 3 * FLOAT)));
  const setsAtOnce = kernel.findPitchesTwice ? 2 : 1;
  const setBytes = PITCH_BIN_COUNT * VECTOR;
  const collected = memory.keepBytes(setsAtOnce * setBytes);
  const flat = memory.keepBytes(2 * PITCH_BIN_COUNT * VECTOR);

  let frames = 0;
  let pitches = 0;
  let fine = 0;

  return {
    startClip(sampleCount, frameCount) {
      frames = frameCount;
      const groups = Math.ceil(frames / FRAMES_PER_GROUP);
      const rowBytes = groups * FRAMES_PER_GROUP * DOUBLE;
      pitches = memory.reserve(Math.ceil(groups / PITCH_STRIDE) * FOUND_BYTES);
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
      // Two groups of frames have four that pitches are looked for in.
      const set = group >> 1;
      const place = set % setsAtOnce;
      kernel.collectMagnitudes(magnitudes, collected + place * setBytes, group % PITCH_STRIDE);
      const isLast = (group + 1) * FRAMES_PER_GROUP >= frames;
      if (group % PITCH_STRIDE === 0 && !isLast) return;
      const found = pitches + set * FOUND_BYTES;
      const { spacings, ends, terms } = tables;
      if (place === 1) {
        kernel.findPitchesTwice?.(collected, PITCH_COUNT, spacings, ends, terms, found - FOUND_BYTES);
      } else if (setsAtOnce === 1 || isLast) {
        kernel.findPitches(collected, flat, PITCH_COUNT, spacings, ends, terms, found);
      }
    },
    takeMel: (mel, groups, loudest) => kernel.bandMeans(mel, groups, loudest - RANGE_DB, fine),
  };
}
