import type { BandLevels } from './bands.js';
import { bandFeatures } from './bands.js';
import type { StepLevels } from './levels.js';
import { levelFeatures } from './levels.js';
import type { Morphology } from './morphology.js';
import { activity, loudPower, relativeDecibels } from './numbers.js';
import { peakFeatures } from './peaks.js';
import type { PitchTrack } from './pitch.js';
import { pitchFeatures } from './pitch.js';

/** What movement is measured on. */
export interface Movement {
  steps: StepLevels;
  bands: BandLevels;
  pitches: PitchTrack;
  morphology: Morphology;
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
  const power = Float64Array.from(rms, (value) => value * value);
  const active = activity(relativeDecibels(power, loudPower(power)));
  const { levels, edges } = levelFeatures(movement.steps, movement.morphology);
  return [
    ...levels,
    ...bandFeatures(movement.bands, active),
    ...pitchFeatures(movement.pitches, active),
    ...edges,
    ...peakFeatures(samples, movement.steps),
  ];
}
