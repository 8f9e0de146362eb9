import { SAMPLE_RATE_HZ } from '../analysis.js';
import type { FeatureWriter } from '../feature-writer.js';
import type { FeatureKernel } from '../kernel/feature-kernel.js';
import type { Ramp } from './numbers.js';
import { ACTIVE_RAMP, loudPower, mean, placeOf, RANGE_DB, relativeDecibels } from './numbers.js';

/** Samples of a step, the fine grain of time; a frame is every fourth. */
export const STEP_LENGTH = 128;
export const STEPS_PER_SECOND = SAMPLE_RATE_HZ / STEP_LENGTH;

export const LEVEL_EDGES_DB = [3, 6, 10, 15, 20, 30, 40];
export const GAP_STEPS = [4, 8, 16, 32, 64];
export const BURST_STEPS = [4, 8, 16, 32];
export const CLICK_STEPS = [2, 4, 8];
export const CLICK_RATE_STEPS = [2, 4];
export const ABRUPT_DB = [10, 20, 30];
export const CREST_PERCENTILES = [50, 90, 98];
export const CHANGE_STEPS = [1, 2, 4, 8, 16, 32, 64];
export const ACTIVE_CHANGE_STEPS = [2, 4, 8, 16, 32];

/** A fall or rise within so many steps is abrupt: no mouth closes that fast. */
const ABRUPT_STEPS = 2;
const LONGEST_HOLE_STEPS = 60;
/** The reading is cut off when it falls within so many steps and stays quiet. */
export const CUT_OFF_STEPS = [2, 4];
/** 104 ms: longer than a stop consonant is silent. */
const QUIET_STEPS = 18;
/** Steps beyond a clip's own that the widest question to its morphology takes. */
export const MORPHOLOGY_MARGIN_STEPS = Math.max(
  LONGEST_HOLE_STEPS + 2,
  QUIET_STEPS,
  ...GAP_STEPS,
  ...BURST_STEPS,
  ...CLICK_STEPS,
);
/** Holes go deeper than a quiet room does. */
const HOLE_RANGE_DB = 80;
/** Start and end of a clip: 46 ms. */
const EDGE_STEPS = 8;
/** Sharpness of steps without sound, so that nothing is divided by 0. */
const LEAST_SHARPNESS = 1e-14;
/** Decibels by which a step stands out as a click, a hole's edges fall and rise, and the reading falls where it is cut off. */
const CLICK_RAMP: Ramp = [8, 20];
const HOLE_RAMP: Ramp = [12, 24];
const CUT_OFF_RAMP: Ramp = [15, 27];
/** Changes further down are of the background, not of the reading. */
const LOWEST_CHANGE_DB = -40;

const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

/** Rows of a float64 for each step of a clip, by their address in the kernel's memory. */
export interface StepRows {
  count: number;
  seconds: number;
  rowBytes: number;
  /** Mean squares. */
  energy: number;
  /** Mean squares of the second difference, which clicks stand out in. */
  sharpness: number;
  /** Largest squares of the second difference. */
  sharpest: number;
  /** Largest and smallest samples. */
  highest: number;
  lowest: number;
  /** Decibels relative to the loud parts: of the energy, of the same further down, of the sharpness. */
  level: number;
  deep: number;
  sharp: number;
  /** How much a step belongs to the reading. */
  active: number;
  fall: number;
  /** A row for each of CLICK_STEPS. */
  clicks: number;
  /** Work space, with room for the widest window's margin. */
  work: number;
  other: number;
}

/** Writes the features of how the level moves. */
export function levelFeatures(
  kernel: FeatureKernel,
  steps: StepRows,
  loud: number,
  writer: FeatureWriter,
): void {
  const { count, sharpness, level, work } = steps;
  relativeDecibels(kernel, { address: steps.energy, count }, loud, RANGE_DB, level);
  relativeDecibels(kernel, { address: steps.energy, count }, loud, HOLE_RANGE_DB, steps.deep);
  const loudSharpness = loudPower(kernel, { address: sharpness, count }, work);
  relativeDecibels(kernel, { address: sharpness, count }, loudSharpness, RANGE_DB, steps.sharp);
  kernel.ramps(level, count, ...ACTIVE_RAMP, steps.active);

  for (const edge of LEVEL_EDGES_DB) {
    writer.push(kernel.rampSum(level, count, -edge - 2, -edge + 2) / count);
  }
  const levelSum = kernel.sum(level, count);
  for (const width of GAP_STEPS) {
    kernel.withoutGaps(level, count, width, work);
    writer.push((kernel.sum(work, count) - levelSum) / count);
  }
  for (const width of BURST_STEPS) {
    kernel.withoutPeaks(level, count, width, work);
    writer.push((levelSum - kernel.sum(work, count)) / count);
  }
  clicks(kernel, steps, writer);
  abruptRates(kernel, steps, writer);
  holeRates(kernel, steps, writer);
  cutOffRates(kernel, steps, writer);
  crests(kernel, steps, writer);
  changes(kernel, steps, writer);
}

/** Writes how the clip begins and ends, and how much of it is reading; after `levelFeatures`. */
export function edgeFeatures(
  kernel: FeatureKernel,
  { count, level, active }: StepRows,
  writer: FeatureWriter,
): void {
  const edge = Math.min(EDGE_STEPS, count);
  const first = kernel.highest(level, edge);
  const last = kernel.highest(level + (count - edge) * DOUBLE, edge);
  writer.push(first);
  writer.push(last);
  writer.push(Math.min(first, last));
  writer.push(kernel.sum(active, count) / STEPS_PER_SECOND);
}

/** How high peaks of few steps stand out of their surroundings; then how many do by much. */
function clicks(
  kernel: FeatureKernel,
  { count, seconds, sharp, work, clicks, rowBytes }: StepRows,
  writer: FeatureWriter,
): void {
  CLICK_STEPS.forEach((width, i) => {
    const heights = clicks + i * rowBytes;
    kernel.withoutPeaks(sharp, count, width, work);
    kernel.subtract(sharp, work, count, heights);
    writer.push(kernel.sum(heights, count) / count);
  });
  for (const width of CLICK_RATE_STEPS) {
    const heights = clicks + CLICK_STEPS.indexOf(width) * rowBytes;
    writer.push(kernel.rampSum(heights, count, ...CLICK_RAMP) / seconds);
  }
}

/** How much the level falls within a moment, from each of the steps but the last; returns how many they are. */
function falls(kernel: FeatureKernel, { count, fall }: StepRows, level: number): number {
  const fallCount = Math.max(0, count - ABRUPT_STEPS);
  kernel.subtract(level, level + ABRUPT_STEPS * DOUBLE, fallCount, fall);
  return fallCount;
}

function abruptRates(kernel: FeatureKernel, steps: StepRows, writer: FeatureWriter): void {
  const { seconds, fall, level } = steps;
  const count = falls(kernel, steps, level);
  for (const db of ABRUPT_DB) writer.push(kernel.rampSum(fall, count, db, db + 8) / seconds);
  for (const db of ABRUPT_DB) writer.push(kernel.rampSum(fall, count, -db, -db - 8) / seconds);
}

/** Abrupt falls that an abrupt rise follows soon; and of those, the ones out of the reading. */
function holeRates(kernel: FeatureKernel, steps: StepRows, writer: FeatureWriter): void {
  const { deep, fall, seconds, work } = steps;
  const count = falls(kernel, steps, deep);
  const [low, high] = HOLE_RAMP;
  kernel.ramps(fall, count, -low, -high, work);
  kernel.clear(work + count * DOUBLE, LONGEST_HOLE_STEPS + ABRUPT_STEPS);
  kernel.windowMaxima(work, count + LONGEST_HOLE_STEPS + ABRUPT_STEPS, LONGEST_HOLE_STEPS);
  const following = work + (ABRUPT_STEPS + 1) * DOUBLE;
  kernel.holes(deep, fall, following, count, low, high, seconds, writer.take(2));
}

/** Abrupt falls out of the reading into quiet that lasts. */
function cutOffRates(kernel: FeatureKernel, steps: StepRows, writer: FeatureWriter): void {
  const { count, seconds, deep, work } = steps;
  kernel.copy(deep, count, work);
  const windows = count < QUIET_STEPS ? 0 : kernel.windowMaxima(work, count, QUIET_STEPS);
  for (const within of CUT_OFF_STEPS) {
    const quiet = work + within * DOUBLE;
    writer.push(kernel.cutOffs(deep, quiet, Math.max(0, windows - within), ...CUT_OFF_RAMP) / seconds);
  }
}

/** How far the sharpest moment of a step stands out of it. */
function crests(kernel: FeatureKernel, steps: StepRows, writer: FeatureWriter): void {
  const { count, sharpness, sharpest, active, work, other } = steps;
  kernel.decibelRatios(sharpest, sharpness, count, LEAST_SHARPNESS, other);
  kernel.copy(other, count, work);
  let before = 0;
  for (const percent of CREST_PERCENTILES) {
    const place = placeOf(percent / 100, count);
    writer.push(kernel.select(work, count, before, place));
    before = place;
  }
  writer.push(mean(kernel.sumOfProducts(active, other, count), kernel.sum(active, count)));
}

/** How unlike the level is after so many steps: over everything, and where both ends belong to the reading. */
function changes(kernel: FeatureKernel, steps: StepRows, writer: FeatureWriter): void {
  const { count, level, active, work } = steps;
  kernel.raise(level, LOWEST_CHANGE_DB, count, work);
  const average = kernel.sum(work, count) / count;
  const spread = (2 * kernel.sumOfSquares(work, count, average)) / count + 1;
  for (const lag of CHANGE_STEPS) {
    const pairs = count - lag;
    writer.push(pairs > 0 ? kernel.squaredChanges(work, pairs, lag) / pairs / spread : 0);
  }
  for (const lag of ACTIVE_CHANGE_STEPS) {
    writer.push(kernel.weightedChanges(work, active, Math.max(0, count - lag), lag));
  }
}
