import { HOP_LENGTH } from '../analysis.js';
import type { FeatureKernel } from '../kernel/feature-kernel.js';
import { FRAMES_PER_GROUP } from '../kernel/feature-kernel.js';
import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import type { BandLevels } from './bands.js';
import { FINE_BAND_COUNT, LONG_CHANGE_FRAMES, SPECTRAL_CHANGE_FRAMES } from './bands.js';
import { MORPHOLOGY_MARGIN_STEPS, STEP_LENGTH, type StepLevels } from './levels.js';
import { createMorphology, type Morphology } from './morphology.js';
import { RANGE_DB } from './numbers.js';
import { createStepArithmetic, type StepArithmetic } from './step-arithmetic.js';
import { PITCH_BIN_COUNT, PITCH_COUNT, PITCH_STRIDE, pitchTables, type PitchTrack } from './pitch.js';

const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const VECTOR = FRAMES_PER_GROUP * FLOAT;
const DOUBLE = Float64Array.BYTES_PER_ELEMENT;
/** Kinds of levels of each step, in the order in which the kernel's `sampleLevels` writes them. */
const LEVEL_KINDS = ['energy', 'sharpness', 'sharpest', 'highest', 'lowest'] as const;
const STEPS_PER_FRAME = HOP_LENGTH / STEP_LENGTH;

/** What a clip's analysis asks of the kernel for `movementFeatures`, block by block and group by group. */
export interface MovementStages {
  startClip(sampleCount: number, frames: number): void;
  /**
   * Where the levels of the steps from a hop on go, and how far the next kind of level is from there; so far the clip needs it, as
   * the kernel's `sampleLevels` writes them.
   */
  levelsFrom(hop: number): { address: number; rowBytes: number };
  /** @param magnitudes of four frames */
  takeMagnitudes(magnitudes: number, group: number): void;
  /** @param mel decibels of all groups of frames */
  bands(mel: number, groups: number, loudest: number): BandLevels;
  steps(): StepLevels;
  pitches(): PitchTrack;
  readonly morphology: Morphology;
  readonly arithmetic: StepArithmetic;
}

export function createMovementStages(kernel: FeatureKernel, memory: KernelMemory): MovementStages {
  const { spacings, termCounts, terms } = pitchTables();
  const tables = { spacings: memory.keep(spacings), terms: memory.keep(terms), ends: 0 };
  let end = tables.terms;
  tables.ends = memory.keep(Int32Array.from(termCounts, (count) => (end += count * 2 * 3 * FLOAT)));
  const collected = memory.keepBytes(PITCH_BIN_COUNT * VECTOR);
  const flat = memory.keepBytes(2 * PITCH_BIN_COUNT * VECTOR);
  const found = memory.keepBytes(3 * VECTOR);
  const morphology = createMorphology(kernel, memory);
  const arithmetic = createStepArithmetic(kernel, memory);

  let frames = 0;
  let levels = 0;
  let stepCount = 0;
  let rowBytes = 0;
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

  function readSteps(): StepLevels {
    const row = (kind: keyof StepLevels): Float64Array =>
      memory.doubles(levels + LEVEL_KINDS.indexOf(kind) * rowBytes, stepCount).slice();
    return {
      energy: row('energy'),
      sharpness: row('sharpness'),
      sharpest: row('sharpest'),
      highest: row('highest'),
      lowest: row('lowest'),
    };
  }

  return {
    startClip(sampleCount, frameCount) {
      frames = frameCount;
      stepCount = Math.max(1, Math.floor(sampleCount / STEP_LENGTH));
      rowBytes = Math.ceil(sampleCount / HOP_LENGTH) * STEPS_PER_FRAME * DOUBLE;
      levels = memory.reserve(LEVEL_KINDS.length * rowBytes);
      pitches = emptyPitches(Math.ceil(frameCount / PITCH_STRIDE));
      const mostValues = stepCount + MORPHOLOGY_MARGIN_STEPS;
      morphology.startClip(mostValues);
      arithmetic.startClip(mostValues);
    },
    levelsFrom: (hop) => ({ address: levels + hop * STEPS_PER_FRAME * DOUBLE, rowBytes }),
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
    steps: readSteps,
    pitches: () => pitches,
    morphology,
    arithmetic,
  };
}

function emptyPitches(count: number): PitchTrack {
  return { first: new Int32Array(count), fit: new Float32Array(count), second: new Float32Array(count) };
}
