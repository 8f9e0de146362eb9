import { loudnessOf } from '../../../../../src/pipelines/interviews/analysis/audio/loudness/loudness.js';
import { startPeakMeter } from '../../../../../src/pipelines/interviews/analysis/audio/loudness/peaks.js';
import { startTenthsMeter } from '../../../../../src/pipelines/interviews/analysis/audio/loudness/tenths-meter.js';
import { joinedSounds, piecesOf, tone } from './sounds.js';

const decibels = (db: number): number => 10 ** (db / 20);

function loudness(channels: Float32Array[], rate: number, lengths = [rate]) {
  const meter = startTenthsMeter();
  for (const piece of piecesOf(channels, lengths)) meter.hear(piece, rate);
  return { ...loudnessOf(meter.tenths), tenths: meter.tenths };
}

/** Steps of a 1 kHz tone in both channels, as EBU Tech 3341 describes its signals. */
function steps(rate: number, ...of: [db: number, seconds: number][]): Float32Array[] {
  const channel = joinedSounds(...of.map(([db, seconds]) => tone(1_000, rate, seconds, decibels(db))));
  return [channel, channel];
}

describe('loudness', () => {
  it.each([8_000, 16_000, 44_100, 48_000])('of EBU Tech 3341, signals 1 and 2, is right at %i Hz', (rate) => {
    const first = loudness(steps(rate, [-23, 4]), rate);
    expect(first.integrated_lufs).toBeCloseTo(-23, 1);
    expect(first.max_momentary_lufs).toBeCloseTo(-23, 1);
    expect(first.max_short_term_lufs).toBeCloseTo(-23, 1);
    expect(loudness(steps(rate, [-33, 4]), rate).integrated_lufs).toBeCloseTo(-33, 1);
  });

  it('leaves out what is far below the rest (signals 3 and 4)', () => {
    const rate = 16_000;
    expect(loudness(steps(rate, [-36, 10], [-23, 60], [-36, 10]), rate).integrated_lufs).toBeCloseTo(-23, 1);
    const quiet = steps(rate, [-72, 10], [-36, 10], [-23, 60], [-36, 10], [-72, 10]);
    expect(loudness(quiet, rate).integrated_lufs).toBeCloseTo(-23, 1);
  });

  it('has the range of EBU Tech 3342, signals 1 and 2, and none below a minute', () => {
    const rate = 8_000;
    expect(loudness(steps(rate, [-20, 60], [-30, 60]), rate).loudness_range_lu).toBeCloseTo(10, 0);
    expect(loudness(steps(rate, [-20, 60], [-15, 60]), rate).loudness_range_lu).toBeCloseTo(5, 0);
    expect(loudness(steps(rate, [-20, 30]), rate).loudness_range_lu).toBeNull();
  });

  it('of a full-scale sine in one channel is -3.01 LUFS, and of six channels the fourth does not count', () => {
    const sine = tone(997, 48_000, 2);
    const silence = new Float32Array(sine.length);
    expect(loudness([sine], 48_000).integrated_lufs).toBeCloseTo(-3.01, 1);
    const low = [silence, silence, silence, sine, silence, silence];
    expect(loudness(low, 48_000).integrated_lufs).toBeNull();
    const back = [silence, silence, silence, silence, sine, silence];
    expect(loudness(back, 48_000).integrated_lufs).toBeCloseTo(-3.01 + 1.49, 1);
  });

  it('is the same however the sound is cut, where a tenth is no whole number of samples, too', () => {
    const channels = steps(11_025, [-20, 1], [-30, 1.03]);
    const whole = loudness(channels, 11_025);
    expect(whole.tenths).toHaveLength(20);
    expect(loudness(channels, 11_025, [1, 700, 3_000])).toEqual(whole);
  });

  it('of digital silence is not known', () => {
    const { tenths: _, ...measures } = loudness([new Float32Array(32_000)], 16_000);
    expect(Object.values(measures)).toEqual([null, null, null, null]);
    expect(loudnessOf([])).toEqual(measures);
  });
});

describe('peaks', () => {
  const peaksOf = (channels: Float32Array[], lengths = [1_000]) => {
    const meter = startPeakMeter();
    for (const piece of piecesOf(channels, lengths)) meter.hear(piece);
    return meter.finish();
  };

  it('are found between samples, wherever the sound is cut', () => {
    // All samples are 3 dB below the wave's own peak.
    const sine = tone(12_000, 48_000, 0.1, 0.5, Math.PI / 4);
    const whole = peaksOf([sine], [sine.length]);
    expect(whole.sample_peak).toBeCloseTo(0.5 * Math.SQRT1_2, 3);
    expect(20 * Math.log10(whole.true_peak / 0.5)).toBeCloseTo(0, 0);
    expect(peaksOf([sine], [1, 7, 64])).toEqual(whole);
  });

  it('count as clipped from three samples in a row on, over the end of a piece', () => {
    const samples = Float32Array.from([0, 1, 0, 1, 1, 0, -1, -1, -1, -1, 0, 1, 1, 1]);
    expect(peaksOf([samples], [2]).clipped_samples).toBe(7);
    expect(peaksOf([samples, samples], [8])).toMatchObject({
      clipped_samples: 14,
      samples: 28,
      square_sum: 20,
    });
  });
});
