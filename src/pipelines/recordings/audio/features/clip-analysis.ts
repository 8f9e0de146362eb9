import {
  CONTRAST_BAND_COUNT,
  FRAME_LENGTH,
  frameCount,
  HOP_LENGTH,
  MEL_BAND_COUNT,
  MFCC_COUNT,
} from './analysis.js';
import { DYNAMIC_RANGE_DB } from './decibel.js';
import type { KernelMemory } from '../../../../platform/kernel/start-kernel.js';
import type { FeatureKernel } from './kernel/feature-kernel.js';
import { FRAMES_PER_GROUP } from './kernel/feature-kernel.js';
import { halfCosineBasis } from './mfcc.js';
import { createMovementStages } from './movement/kernel-stages.js';
import type { StepRows } from './movement/levels.js';
import type { Movement } from './movement/movement.js';
import { STEPS_PER_HOP } from './movement/step-rows.js';
import { SHAPE_COUNT, SHAPE_ROWS } from './spectral-shape.js';
import { createSpectrumStages } from './spectrum-stages.js';

/** Frames whose samples are copied to the kernel at once: they stay in a core's cache. */
const FRAMES_PER_BLOCK = 64;
const BLOCK_SAMPLES = FRAMES_PER_BLOCK * HOP_LENGTH + FRAME_LENGTH - HOP_LENGTH;
/** Frames are centred: so many samples of the first lie before the clip. */
const LEAD = FRAME_LENGTH / 2;
const FLOAT = Float32Array.BYTES_PER_ELEMENT;
const DOUBLE = Float64Array.BYTES_PER_ELEMENT;
/** Of what the kernel's `sampleLevels` says of the crossings in a hop. */
const CROSSINGS = 2 * Int32Array.BYTES_PER_ELEMENT;
const VECTOR = FRAMES_PER_GROUP * FLOAT;

/** Samples nearer to zero than this have no sign; single precision, as librosa compares them, and as the kernel does. */
const NEGATIVE = -Math.fround(1e-10);

/**
 * Everything about a clip that is computed frame by frame: rows in the kernel's memory, by address, until the next clip. Their values
 * are float64 where nothing else is said.
 */
export interface ClipAnalysis {
  frames: number;
  /** Bytes between the rows of `shapes`, and of `contrast`. */
  rowBytes: number;
  /** Of each coefficient a row of float32. */
  coefficients: number;
  coefficientBytes: number;
  /** Work space for a row of float32. */
  slopes: number;
  /** Centroid, bandwidth, roll-off (hertz), flatness; a frame without sound has the first three 0, and flatness 1. */
  shapes: number;
  /** Decibels of each band. */
  contrast: number;
  /** Root mean squares: float32. */
  rms: number;
  /** Shares of samples at which the sign changes. */
  zeroCrossingRates: number;
  /** Samples at full scale. */
  clipped: number;
  /** Where it was asked for, decibels of the mel spectrogram, band by band from the lowest, 80 dB below its loudest at least. */
  mel?: Float32Array;
  movement: Movement;
}

/** Rows for hops of 512 samples, as the kernel's `sampleLevels` writes them. */
interface HopLevels {
  hops: number;
  energies: number;
  crossings: number;
  steps: StepRows;
}

/**
 * Prepares the analysis. Spectra are taken a few frames at a time and dropped; what stays for the whole clip are the mel
 * powers (512 bytes a frame), because their floor depends on the loudest of all.
 */
export function createAnalyser(
  { kernel, memory }: { kernel: FeatureKernel; memory: KernelMemory },
  { keepMel = false } = {},
): (samples: Float32Array) => ClipAnalysis {
  const basis = memory.keep(halfCosineBasis());
  const stages = createMovementStages(kernel, memory);
  const spectra = createSpectrumStages(kernel, memory, (magnitudes, group) =>
    stages.takeMagnitudes(magnitudes, group),
  );
  const work = {
    input: memory.keepBytes(BLOCK_SAMPLES * FLOAT),
    folded: memory.keepBytes(2 * MEL_BAND_COUNT * VECTOR),
  };

  /** Copies a block's samples, with zeros outside the clip. */
  function load(samples: Float32Array, firstFrame: number): Float32Array {
    const input = memory.floats(work.input, BLOCK_SAMPLES);
    const start = firstFrame * HOP_LENGTH - LEAD;
    const before = Math.max(0, -start);
    const present = samples.subarray(Math.max(0, start), start + BLOCK_SAMPLES);
    input.fill(0, 0, before);
    input.set(present, before);
    input.fill(0, before + present.length);
    return input;
  }

  /** Levels of the block's hops; returns the samples at full scale. */
  function measureLevels(
    samples: Float32Array,
    firstHop: number,
    levels: HopLevels,
    input: Float32Array,
  ): number {
    const hops = Math.min(FRAMES_PER_BLOCK, levels.hops - firstHop);
    if (hops <= 0) return 0;
    // The first sample has none before it, so it crosses nothing and is no step up.
    if (firstHop === 0) input.fill(samples[0]!, LEAD - 2, LEAD);
    const { energies, crossings, steps } = levels;
    const clipped = kernel.sampleLevels(
      work.input + LEAD * FLOAT,
      hops,
      energies + firstHop * DOUBLE,
      crossings + firstHop * CROSSINGS,
      steps.energy + firstHop * STEPS_PER_HOP * DOUBLE,
      steps.rowBytes,
    );
    if (firstHop === 0) input.fill(0, LEAD - 2, LEAD);
    return clipped;
  }

  return (samples) => {
    const frames = frameCount(samples.length);
    const groups = Math.ceil(frames / FRAMES_PER_GROUP);
    memory.release();
    const mel = memory.reserve(groups * MEL_BAND_COUNT * VECTOR);
    const shapes = memory.reserve(groups * SHAPE_COUNT * VECTOR);
    const peaks = memory.reserve(groups * CONTRAST_BAND_COUNT * VECTOR);
    const valleys = memory.reserve(groups * CONTRAST_BAND_COUNT * VECTOR);
    const coefficients = memory.reserve(MFCC_COUNT * groups * VECTOR);
    const rowBytes = groups * FRAMES_PER_GROUP * DOUBLE;
    const rows = {
      slopes: memory.reserve(groups * VECTOR),
      shapes: memory.reserve(SHAPE_ROWS * rowBytes),
      contrast: memory.reserve(CONTRAST_BAND_COUNT * rowBytes),
      rms: memory.reserve(groups * VECTOR),
      zeroCrossingRates: memory.reserve(rowBytes),
    };
    const movement = stages.startClip(samples.length, frames);
    const hops = Math.ceil(samples.length / HOP_LENGTH);
    const levels = {
      hops,
      energies: memory.reserve(hops * DOUBLE),
      crossings: memory.reserve(hops * CROSSINGS),
      steps: movement.steps,
    };
    let clipped = 0;

    for (let firstFrame = 0; firstFrame < frames; firstFrame += FRAMES_PER_BLOCK) {
      const input = load(samples, firstFrame);
      clipped += measureLevels(samples, firstFrame, levels, input);
      const group = firstFrame / FRAMES_PER_GROUP;
      const count = Math.min(FRAMES_PER_BLOCK / FRAMES_PER_GROUP, groups - group);
      spectra.take(work.input, group, count, { mel, shapes, peaks, valleys });
    }
    // The zeros after the clip must not look like a crossing.
    if (samples.length % HOP_LENGTH !== 0 && samples[samples.length - 1]! < NEGATIVE)
      memory.integers(levels.crossings + (hops - 1) * CROSSINGS, 1)[0]!--;
    kernel.frameLevels(levels.energies, levels.crossings, hops, frames, rows.rms, rows.zeroCrossingRates);

    /** To decibels; the frames that only fill the last group must not be the loudest. */
    const toDecibels = (address: number, rows: number): number => {
      const count = groups * rows * FRAMES_PER_GROUP;
      const last = memory.floats(address + (groups - 1) * rows * VECTOR, rows * FRAMES_PER_GROUP);
      const used = frames - (groups - 1) * FRAMES_PER_GROUP;
      for (let row = 0; row < rows; row++)
        last.fill(0, row * FRAMES_PER_GROUP + used, (row + 1) * FRAMES_PER_GROUP);
      kernel.toDecibels(address, count);
      return kernel.largest(address, count) - DYNAMIC_RANGE_DB;
    };
    const melFloor = toDecibels(mel, MEL_BAND_COUNT);
    const keptMel = keepMel
      ? melRows(memory.floats(mel, groups * MEL_BAND_COUNT * FRAMES_PER_GROUP), frames, melFloor)
      : undefined;
    kernel.cepstra(mel, groups, melFloor, basis, work.folded, coefficients, groups * VECTOR);
    stages.takeMel(mel, groups, melFloor + DYNAMIC_RANGE_DB);
    kernel.shapeRows(shapes, groups, rows.shapes, rowBytes);
    const peakFloor = toDecibels(peaks, CONTRAST_BAND_COUNT);
    const valleyFloor = toDecibels(valleys, CONTRAST_BAND_COUNT);
    kernel.contrastRows(peaks, valleys, groups, peakFloor, valleyFloor, rows.contrast, rowBytes);
    return {
      frames,
      rowBytes,
      coefficients,
      coefficientBytes: groups * VECTOR,
      ...rows,
      clipped,
      ...(keptMel && { mel: keptMel }),
      movement,
    };
  };
}

/** Band by band from the kernel's groups of frames, raised to the floor. */
function melRows(grouped: Float32Array, frames: number, floor: number): Float32Array {
  const rows = new Float32Array(MEL_BAND_COUNT * frames);
  for (let frame = 0; frame < frames; frame++) {
    const lane = frame % FRAMES_PER_GROUP;
    for (let band = 0; band < MEL_BAND_COUNT; band++) {
      const at = (frame - lane) * MEL_BAND_COUNT + band * FRAMES_PER_GROUP + lane;
      rows[band * frames + frame] = Math.max(grouped[at]!, floor);
    }
  }
  return rows;
}
