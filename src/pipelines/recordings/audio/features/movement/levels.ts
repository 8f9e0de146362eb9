import { SAMPLE_RATE_HZ } from '../analysis.js';
import type { Morphology } from './morphology.js';
import { ACTIVE_RAMP, loudPower, mean, quantiles, ramp, RANGE_DB, sum } from './numbers.js';
import type { Ramp, StepArithmetic } from './step-arithmetic.js';

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

/** Of each step of a clip. */
export interface StepLevels {
  /** Mean squares. */
  energy: Float64Array;
  /** Mean squares of the second difference, which clicks stand out in. */
  sharpness: Float64Array;
  /** Largest squares of the second difference. */
  sharpest: Float64Array;
  highest: Float64Array;
  lowest: Float64Array;
}

/** Features of how the level moves; and how the clip begins and ends. */
export function levelFeatures(
  { energy, sharpness, sharpest }: StepLevels,
  loud: number,
  { windowMaxima, withoutGaps, withoutPeaks }: Morphology,
  arithmetic: StepArithmetic,
): { levels: number[]; edges: number[] } {
  const count = energy.length;
  const seconds = count / STEPS_PER_SECOND;
  const level = arithmetic.relativeDecibels(energy, loud, RANGE_DB);
  const deep = arithmetic.relativeDecibels(energy, loud, HOLE_RANGE_DB);
  const sharp = arithmetic.relativeDecibels(sharpness, loudPower(sharpness), RANGE_DB);
  const active = arithmetic.ramps(level, ACTIVE_RAMP);

  const crests = arithmetic.decibelRatios(sharpest, sharpness, LEAST_SHARPNESS);
  let activeCrests = 0;
  for (let i = 0; i < count; i++) activeCrests += active[i]! * crests[i]!;
  const activeSteps = sum(active);
  const levelSum = sum(level);
  const clicks = CLICK_STEPS.map((steps) => above(sharp, withoutPeaks(sharp, steps)));
  const first = level.subarray(0, EDGE_STEPS);
  const last = level.subarray(-EDGE_STEPS);
  const edges = [Math.max(...first), Math.max(...last)];
  return {
    levels: [
      ...shares(arithmetic.rampSums(level, LEVEL_EDGES_DB.map(edgeRamp)), count),
      ...GAP_STEPS.map((steps) => (sum(withoutGaps(level, steps)) - levelSum) / count),
      ...BURST_STEPS.map((steps) => (levelSum - sum(withoutPeaks(level, steps))) / count),
      ...shares(clicks.map(sum), count),
      ...CLICK_RATE_STEPS.map((steps) => {
        const [heights] = arithmetic.rampSums(clicks[CLICK_STEPS.indexOf(steps)]!, [CLICK_RAMP]);
        return heights! / seconds;
      }),
      ...abruptRates(level, seconds, arithmetic),
      ...holeRates(deep, seconds, windowMaxima, arithmetic),
      ...cutOffRates(deep, seconds, windowMaxima),
      ...quantiles(
        crests,
        CREST_PERCENTILES.map((percent) => percent / 100),
      ),
      mean(activeCrests, activeSteps),
      ...changes(level, active, arithmetic),
    ],
    edges: [...edges, Math.min(...edges), activeSteps / STEPS_PER_SECOND],
  };
}

function edgeRamp(edge: number): Ramp {
  return [-edge - 2, -edge + 2];
}

function shares(sums: readonly number[], whole: number): number[] {
  return sums.map((value) => value / whole);
}

function above(values: Float64Array, lower: Float64Array): Float64Array {
  const heights = new Float64Array(values.length);
  for (let i = 0; i < heights.length; i++) heights[i] = values[i]! - lower[i]!;
  return heights;
}

/** How much the level falls within a moment, from each step on. */
function falls(level: Float64Array): Float64Array {
  const fall = new Float64Array(Math.max(0, level.length - ABRUPT_STEPS));
  for (let i = 0; i < fall.length; i++) fall[i] = level[i]! - level[i + ABRUPT_STEPS]!;
  return fall;
}

function abruptRates(level: Float64Array, seconds: number, arithmetic: StepArithmetic): number[] {
  const downs = ABRUPT_DB.map((db): Ramp => [db, db + 8]);
  const ups = downs.map(([low, high]): Ramp => [-low, -high]);
  return shares(arithmetic.rampSums(falls(level), [...downs, ...ups]), seconds);
}

/** Abrupt falls that an abrupt rise follows soon; and of those, the ones out of the reading. */
function holeRates(
  level: Float64Array,
  seconds: number,
  windowMaxima: Morphology['windowMaxima'],
  arithmetic: StepArithmetic,
): number[] {
  const fall = falls(level);
  const [low, high] = HOLE_RAMP;
  const ends = new Float64Array(fall.length + LONGEST_HOLE_STEPS + 2);
  ends.set(arithmetic.ramps(fall, [-low, -high]));
  const following = windowMaxima(ends, LONGEST_HOLE_STEPS).subarray(3);
  let holes = 0;
  let inSpeech = 0;
  for (let i = 0; i < fall.length; i++) {
    // Most steps do not fall.
    if (fall[i]! <= low) continue;
    const hole = ramp(fall[i]!, low, high) * following[i]!;
    holes += hole;
    inSpeech += hole * ramp(level[i]!, -35, -25);
  }
  return [holes / seconds, inSpeech / seconds];
}

/** Abrupt falls out of the reading into quiet that lasts. */
function cutOffRates(
  level: Float64Array,
  seconds: number,
  windowMaxima: Morphology['windowMaxima'],
): number[] {
  if (level.length < QUIET_STEPS) return CUT_OFF_STEPS.map(() => 0);
  const quiet = windowMaxima(level, QUIET_STEPS);
  const [low, high] = CUT_OFF_RAMP;
  return CUT_OFF_STEPS.map((steps) => {
    let falls = 0;
    for (let i = 0; i + steps < quiet.length; i++) {
      const before = level[i]!;
      const fall = before - quiet[i + steps]!;
      if (fall > low) falls += ramp(fall, low, high) * ramp(before, -35, -25);
    }
    return falls / seconds;
  });
}

/** How unlike the level is after so many steps: over everything, and where both ends belong to the reading. */
function changes(fullLevel: Float64Array, active: Float64Array, arithmetic: StepArithmetic): number[] {
  const count = fullLevel.length;
  const level = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = fullLevel[i]!;
    level[i] = value > LOWEST_CHANGE_DB ? value : LOWEST_CHANGE_DB;
  }
  const average = sum(level) / count;
  let spread = 0;
  for (let i = 0; i < count; i++) spread += (level[i]! - average) ** 2;
  spread = (2 * spread) / count + 1;
  const squares = arithmetic.squaredChanges(level, CHANGE_STEPS);
  return [
    ...CHANGE_STEPS.map((steps, i) => (count > steps ? squares[i]! / (count - steps) / spread : 0)),
    ...arithmetic.weightedChanges(level, active, ACTIVE_CHANGE_STEPS),
  ];
}
