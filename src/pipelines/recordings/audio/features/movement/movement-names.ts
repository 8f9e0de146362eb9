import { HOP_LENGTH } from '../analysis.js';
import { BAND_COUNT, COMODULATION_DISTANCES, SPECTRAL_CHANGE_FRAMES } from './bands.js';
import {
  ABRUPT_DB,
  ACTIVE_CHANGE_STEPS,
  BURST_STEPS,
  CHANGE_STEPS,
  CLICK_RATE_STEPS,
  CLICK_STEPS,
  CREST_PERCENTILES,
  CUT_OFF_STEPS,
  GAP_STEPS,
  LEVEL_EDGES_DB,
  STEP_LENGTH,
  STEPS_PER_SECOND,
} from './levels.js';

function milliseconds(steps: number): string {
  return `${Math.round((1_000 * steps) / STEPS_PER_SECOND)}_ms`;
}

const CHANGES = SPECTRAL_CHANGE_FRAMES.map(
  (frames) => `spectral_change_${milliseconds((frames * HOP_LENGTH) / STEP_LENGTH)}`,
);

/** Names of the features of `movementFeatures`, in order. */
export const MOVEMENT_NAMES: readonly string[] = [
  ...LEVEL_EDGES_DB.map((edge) => `level_within_${edge}_db_share`),
  ...GAP_STEPS.map((steps) => `gap_${milliseconds(steps)}_depth`),
  ...BURST_STEPS.map((steps) => `burst_${milliseconds(steps)}_height`),
  ...CLICK_STEPS.map((steps) => `click_${milliseconds(steps)}_height`),
  ...CLICK_RATE_STEPS.map((steps) => `click_${milliseconds(steps)}_per_second`),
  ...['fall', 'rise'].flatMap((way) => ABRUPT_DB.map((db) => `abrupt_${way}_${db}_db_per_second`)),
  'holes_per_second',
  'speech_holes_per_second',
  ...CUT_OFF_STEPS.map((steps) => `cut_off_${milliseconds(steps)}_per_second`),
  ...CREST_PERCENTILES.map((percent) => `impulse_crest_${percent}`),
  'impulse_crest_active',
  ...CHANGE_STEPS.map((steps) => `level_change_${milliseconds(steps)}`),
  ...ACTIVE_CHANGE_STEPS.map((steps) => `active_level_change_${milliseconds(steps)}`),
  ...CHANGES,
  ...CHANGES.map((name) => `${name}_share`),
  ...Array.from({ length: BAND_COUNT }, (_, band) =>
    ['range', 'upper_range', 'peak'].map((what) => `band_${band + 1}_${what}`),
  ).flat(),
  ...['comodulation', 'active_comodulation'].flatMap((name) =>
    COMODULATION_DISTANCES.map((apart) => `${name}_${apart}`),
  ),
  'voiced_share',
  'harmonicity',
  'voiced_harmonicity',
  'second_pitch',
  'second_pitch_share',
  'pitch_octaves',
  'pitch_spread',
  'pitch_change',
  'pitch_jumps',
  'start_level_db',
  'end_level_db',
  'edge_level_db',
  'active_seconds',
  'peak_dwell_90',
  'peak_dwell_70',
  'crest_db',
  'asymmetry_db',
];
