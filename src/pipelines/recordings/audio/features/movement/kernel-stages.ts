import { HOP_LENGTH } from '../analysis.js';
import type { FeatureKernel } from '../kernel/feature-kernel.js';
import { FRAMES_PER_GROUP } from '../kernel/feature-kernel.js';
import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import type { BandLevels } from './bands.js';
import { FINE_BAND_COUNT, LONG_CHANGE_FRAMES, SPECTRAL_CHANGE_FRAMES } from './bands.js';
import { MORPHOLOGY_MARGIN_STEPS, STEP_LENGTH, type StepLevels } from './levels.js';
import { createMorphology, type Morphology } from './morphology.js';
import { RANGE_DB } from './numbers.js';
import { PITCH_BIN_COUNT, PITCH_COUNT, PITCH_STRIDE, pitchTables, type PitchTrack } from './pitch.js';

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const VECTOR = FRAMES_PER_GROUP * FLOAT;
/** Values that the kernel's `stepLevels` writes for each step. */
const LEVELS_PER_STEP = 5;
const STEPS_PER_FRAME = HOP_LENGTH / STEP_LENGTH;

/** What a clip's analysis asks of the kernel for `movementFeatures`, block by block and group by group. */
export interface MovementStages {
  startClip(sampleCount: number, frames: number): void;
  /** @param address of the block's first own sample; the two before it are read too */
  takeBlock(address: number, firstFrame: number, blockFrames: number): void;
  /** @param magnitudes of four frames */
  takeMagnitudes(magnitudes: number, group: number): void;
  /** @param mel decibels of all groups of frames */
  bands(mel: number, groups: number, loudest: number): BandLevels;
  steps(): StepLevels;
  pitches(): PitchTrack;
  readonly morphology: Morphology;
}

export function createMovementStages(
  kernel: FeatureKernel,
  memory: KernelMemory,
  mostBlockFrames: number,
): MovementStages {
  const { spacings, termCounts, terms } = pitchTables();
  const tables = { spacings: memory.keep(spacings), terms: memory.keep(terms), ends: 0 };
  let end = tables.terms;
  tables.ends = memory.keep(Int32Array.from(termCounts, (count) => (end += count * 2 * 3 * FLOAT)));
  const collected = memory.keepBytes(PITCH_BIN_COUNT * VECTOR);
  const flat = memory.keepBytes(2 * PITCH_BIN_COUNT * VECTOR);
  const found = memory.keepBytes(3 * VECTOR);
  const mostSteps = mostBlockFrames * STEPS_PER_FRAME;
  const blockLevels = memory.keepBytes(mostSteps * LEVELS_PER_STEP * Float64Array.BYTES_PER_ELEMENT);

  const morphology = createMorphology(kernel, memory);

  let frames = 0;
  let steps = emptySteps(0);
  let pitches = emptyPitches(0);

  function findPitches(group: number): void {
    kernel.findPitches(collected, flat, PITCH_COUNT, tables.spacings, tables.ends, tables.terms, found);
    // Two groups of frames have four that pitches are looked for in.
    const at = (group >> 1) * FRAMES_PER_GROUP;
    const count = Math.min(FRAMES_PER_GROUP, pitches.first.length - at);
    pitches.first.set(memory.integers(found, count), at);
    pitches.fit.set(memory.floats(found + VECTOR, count), at);
    pitches.second.set(memory.floats(found + 2 * VECTOR, count), at);
  }

  return {
    startClip(sampleCount, frameCount) {
      frames = frameCount;
      steps = emptySteps(Math.max(1, Math.floor(sampleCount / STEP_LENGTH)));
      pitches = emptyPitches(Math.ceil(frameCount / PITCH_STRIDE));
      morphology.startClip(steps.energy.length + MORPHOLOGY_MARGIN_STEPS);
    },
    takeBlock(address, firstFrame, blockFrames) {
      const first = firstFrame * STEPS_PER_FRAME;
      const count = Math.min(blockFrames * STEPS_PER_FRAME, steps.energy.length - first);
      if (count <= 0) return;
      kernel.stepLevels(address, count, blockLevels);
      const levels = memory.doubles(blockLevels, count * LEVELS_PER_STEP);
      for (let step = 0; step < count; step++) {
        const at = step * LEVELS_PER_STEP;
        steps.energy[first + step] = levels[at]!;
        steps.sharpness[first + step] = levels[at + 1]!;
        steps.sharpest[first + step] = levels[at + 2]!;
        steps.highest[first + step] = levels[at + 3]!;
        steps.lowest[first + step] = levels[at + 4]!;
      }
    },
    takeMagnitudes(magnitudes, group) {
      kernel.collectMagnitudes(magnitudes, collected, group % 2);
      if (group % 2 === 1 || (group + 1) * FRAMES_PER_GROUP >= frames) findPitches(group);
    },
    bands(mel, groups, loudest) {
      const rows = memory.reserve(groups * FRAMES_PER_GROUP * FINE_BAND_COUNT * FLOAT);
      const distances = memory.reserve(frames * FLOAT);
      kernel.bandMeans(mel, groups, loudest - RANGE_DB, rows);
      const byLag = [...SPECTRAL_CHANGE_FRAMES, LONG_CHANGE_FRAMES].map((lag) => {
        const count = Math.max(0, frames - lag);
        kernel.rowDistances(rows, count, lag, distances);
        return [lag, memory.floats(distances, count).slice()] as const;
      });
      return { rows: memory.floats(rows, frames * FINE_BAND_COUNT), distances: new Map(byLag) };
    },
    steps: () => steps,
    pitches: () => pitches,
    morphology,
  };
}

function emptySteps(count: number): StepLevels {
  const row = (): Float64Array => new Float64Array(count);
  return { energy: row(), sharpness: row(), sharpest: row(), highest: row(), lowest: row() };
}

function emptyPitches(count: number): PitchTrack {
  return { first: new Int32Array(count), fit: new Float32Array(count), second: new Float32Array(count) };
}
