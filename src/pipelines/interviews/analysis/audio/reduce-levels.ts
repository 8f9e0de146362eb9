import type { AudioMeasures } from '../../contract/audio-measures.js';
import type { LevelPart } from '../../contract/audio-part.js';
import { decibelsOf, meanLevel, medianLevel } from './level-counts.js';
import { loudnessOf } from './loudness/loudness.js';
import { roundTo } from './rounding.js';

type Levels = Omit<AudioMeasures, 'coverage' | 'engine' | 'rate' | 'channels'>;

/** Loudness, peaks, clipping and noise; null where digital silence, or silence between all words, leaves nothing to say. */
export function reduceLevels(level: LevelPart): Levels {
  const { integrated_lufs, max_momentary_lufs, max_short_term_lufs, loudness_range_lu } = loudnessOf(
    level.tenths,
  );
  const speech = meanLevel(level.speech_levels);
  const noise = medianLevel(level.quiet_levels);
  return {
    digital_silence: level.sample_peak === 0,
    integrated_lufs: inTenths(integrated_lufs),
    max_momentary_lufs: inTenths(max_momentary_lufs),
    max_short_term_lufs: inTenths(max_short_term_lufs),
    loudness_range_lu: inTenths(loudness_range_lu),
    true_peak_dbtp: inTenths(decibelsOf(level.true_peak ** 2)),
    sample_peak_dbfs: inTenths(decibelsOf(level.sample_peak ** 2)),
    rms_dbfs: inTenths(decibelsOf(level.samples === 0 ? 0 : level.square_sum / level.samples)),
    clipped_ratio: level.samples === 0 ? 0 : roundTo(level.clipped_samples / level.samples, 6),
    speech_level_dbfs: inTenths(speech),
    noise_floor_dbfs: inTenths(noise),
    snr_db: inTenths(speech === null || noise === null ? null : snrOf(speech, noise)),
  };
}

/** The level of speech without the noise in it over the noise; null where speech is no louder than noise. */
function snrOf(speech: number, noise: number): number | null {
  return decibelsOf(10 ** ((speech - noise) / 10) - 1);
}

const inTenths = (value: number | null): number | null => (value === null ? null : roundTo(value, 1));
