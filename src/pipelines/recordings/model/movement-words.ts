import type { Words } from './feature-words.js';

/** Edges of the eight bands in hertz: each is sixteen of the 128 mel bands. */
const BAND_EDGES_HZ = [0, 430, 840, 1300, 1980, 3040, 4640, 7110, 11_025];

const CLICKS: Words = { above: 'more full of clicks', below: 'duller, with fewer sharp sounds' };
const HOLES: Words = { above: 'more full of holes, as if pieces were missing', below: 'more continuous' };
const PACE: Words = { above: 'quicker to change', below: 'slower to change' };
const TONE: Words = { above: 'more like a sustained tone', below: 'less voiced, more like noise' };
const SECOND_VOICE: Words = {
  above: 'more like several voices at once',
  below: 'more like a single tone',
};
const FLAT_PEAKS = 'more overloaded, its peaks cut flatter';

/** What it sounds like when a feature of `movementFeatures` is above or below the training readings, by the feature's name. */
const PATTERNS: readonly (readonly [RegExp, Words])[] = [
  [
    /^level_within_/,
    { above: 'more filled with sound, with fewer pauses', below: 'sparser, with more quiet' },
  ],
  [/^gap_/, { above: 'more broken up by short gaps', below: 'smoother, with fewer short gaps' }],
  [/^burst_/, { above: 'more full of short bursts', below: 'smoother, with fewer syllables standing out' }],
  [/^click_/, CLICKS],
  [/^impulse_crest_/, CLICKS],
  [/^(abrupt_fall|cut_off)_/, { above: 'more often cut off abruptly', below: 'more gradual' }],
  [/^abrupt_rise_/, { above: 'more abrupt in setting in', below: 'more gradual' }],
  [/holes_per_second$/, HOLES],
  [/^spectral_change_\d+_ms_share$/, { above: 'faster paced', below: 'slower paced' }],
  [/^(active_)?level_change_|^spectral_change_/, PACE],
  [
    /comodulation_/,
    {
      above: 'more alike across frequencies, as noise and overload are',
      below: 'less alike across frequencies, as several sounds at once are',
    },
  ],
  [/^(voiced_share|harmonicity|voiced_harmonicity)$/, TONE],
  [/^second_pitch/, SECOND_VOICE],
  [/^pitch_octaves$/, { above: 'higher pitched', below: 'deeper pitched' }],
  [/^pitch_/, { above: 'more restless in pitch', below: 'more monotonous' }],
  [/^start_level_db$/, { above: 'louder at its very start, as if cut', below: 'quieter at its very start' }],
  [/^end_level_db$/, { above: 'louder at its very end, as if cut', below: 'quieter at its very end' }],
  [/^edge_level_db$/, { above: 'louder at both ends, as if cut', below: 'quieter at both ends' }],
  [/^active_seconds$/, { above: 'longer', below: 'shorter' }],
  [/^peak_dwell_/, { above: FLAT_PEAKS, below: 'spikier' }],
  [/^crest_db$/, { above: 'spikier', below: FLAT_PEAKS }],
  [/^asymmetry_db$/, { above: 'more lopsided in its waveform', below: 'more symmetric in its waveform' }],
];

/** Words for a feature of how a recording moves; undefined for others. */
export function movementWords(feature: string): Words | undefined {
  const band = /^band_(\d)_(range|upper_range|peak)$/.exec(feature);
  if (band !== null) {
    const where = `between ${BAND_EDGES_HZ[Number(band[1]) - 1]} and ${BAND_EDGES_HZ[Number(band[1])]} Hz`;
    return band[2] === 'peak'
      ? { above: `louder ${where}`, below: `quieter ${where}` }
      : { above: `more changeable ${where}`, below: `steadier ${where}` };
  }
  return PATTERNS.find(([pattern]) => pattern.test(feature))?.[1];
}
