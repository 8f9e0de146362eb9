import type { KernelMemory } from '../../../../../platform/kernel/start-kernel.js';
import type { FeatureWriter } from '../feature-writer.js';
import type { FeatureKernel } from '../kernel/feature-kernel.js';
import type { BandRows } from './bands.js';
import { bandFeatures } from './bands.js';
import type { StepRows } from './levels.js';
import { edgeFeatures, levelFeatures } from './levels.js';
import { ACTIVE_RAMP, loudPower, RANGE_DB, relativeDecibels } from './numbers.js';
import { peakFeatures } from './peaks.js';
import { PITCH_STRIDE, VOICE_FEATURE_COUNT } from './pitch.js';

/** What movement is measured on: rows in the kernel's memory, by address. */
export interface Movement {
  steps: StepRows;
  bands: BandRows;
  /** As the kernel's `findPitches` writes them, of every other frame. */
  pitches: number;
  /** A float64 a frame: how much it belongs to the reading. */
  active: number;
}

/**
 * Writes features of how a recording moves: pauses, gaps, clicks, the pace of change, the pitch of one voice or two; in the order of
 * MOVEMENT_NAMES.
 *
 * librosa's statistics see what a whole clip sounds like, not how it goes on. The same as movement.py in the model's training; the
 * golden files hold the two together. Levels are relative to the clip's own loud parts; thresholds are ramps rather than steps, so
 * that rounding moves a value by no more than rounding.
 *
 * @param rms of every frame: a row of float32
 */
export function movementFeatures(
  kernel: FeatureKernel,
  memory: KernelMemory,
  samples: Float32Array,
  rms: number,
  { steps, bands, pitches, active }: Movement,
  writer: FeatureWriter,
): void {
  const { frames } = bands;
  kernel.squares(rms, frames, active);
  const power = { address: active, count: frames };
  relativeDecibels(kernel, power, loudPower(kernel, power, steps.work), RANGE_DB, active);
  kernel.ramps(active, frames, ...ACTIVE_RAMP, active);

  const loud = loudPower(kernel, { address: steps.energy, count: steps.count }, steps.work);
  levelFeatures(kernel, steps, loud, writer);
  bandFeatures(kernel, bands, active, writer);
  const count = Math.ceil(frames / PITCH_STRIDE);
  kernel.voiceStatistics(pitches, active, PITCH_STRIDE, count, steps.other, writer.take(VOICE_FEATURE_COUNT));
  edgeFeatures(kernel, steps, writer);
  peakFeatures(kernel, memory, samples, steps, loud, writer);
}
