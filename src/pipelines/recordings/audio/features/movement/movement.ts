import type { BandLevels } from './bands.js';
import { bandFeatures } from './bands.js';
import type { StepLevels } from './levels.js';
import { levelFeatures } from './levels.js';
import type { Morphology } from './morphology.js';
import { ACTIVE_RAMP, loudPower, RANGE_DB } from './numbers.js';
import { peakFeatures } from './peaks.js';
import type { PitchTrack } from './pitch.js';
import { pitchFeatures } from './pitch.js';
import type { StepArithmetic } from './step-arithmetic.js';

/** What movement is measured on. */
export interface Movement {
  steps: StepLevels;
  bands: BandLevels;
  pitches: PitchTrack;
  morphology: Morphology;
  arithmetic: StepArithmetic;
}

/**
 * Features of how a recording moves: pauses, gaps, clicks, the pace of change, the pitch of one voice or two.
 *
 * librosa's statistics see what a whole clip sounds like, not how it goes on. The same as movement.py in the model's training; the
 * golden files hold the two together. Levels are relative to the clip's own loud parts; thresholds are ramps rather than steps, so
 * that rounding moves a value by no more than rounding.
 *
 * @param rms of every frame
 * @returns values in the order of MOVEMENT_NAMES
 */
export function movementFeatures(samples: Float32Array, rms: Float32Array, movement: Movement): number[] {
  const { steps, arithmetic } = movement;
  const power = new Float64Array(rms.length);
  for (let i = 0; i < power.length; i++) power[i] = rms[i]! * rms[i]!;
  const level = arithmetic.relativeDecibels(power, loudPower(power), RANGE_DB);
  const active = arithmetic.ramps(level, ACTIVE_RAMP);
  const loud = loudPower(steps.energy);
  const { levels, edges } = levelFeatures(steps, loud, movement.morphology, arithmetic);
  return [
    ...levels,
    ...bandFeatures(movement.bands, active),
    ...pitchFeatures(movement.pitches, active),
    ...edges,
    ...peakFeatures(samples, steps, loud),
  ];
}
