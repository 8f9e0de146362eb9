import { startResampler } from '../../../../../src/pipelines/interviews/analysis/audio/resampler.js';
import { joinedSounds, piecesOf, tone } from './sounds.js';

function resample(samples: Float32Array, rate: number, lengths = [samples.length]): Float32Array {
  const resampler = startResampler(rate);
  const parts = [...piecesOf([samples], lengths)].map(([piece]) => resampler.hear(piece!).slice());
  return joinedSounds(...parts, resampler.finish());
}

const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe('16 kHz of another rate', () => {
  it.each([8_000, 11_025, 22_050, 32_000, 44_100, 44_101, 48_000, 96_000])(
    'is the same wave from %i Hz',
    (rate) => {
      const sound = tone(1_000, rate, 0.5, 0.5);
      const found = resample(sound, rate);
      const expected = tone(1_000, 16_000, 0.6, 0.5);
      expect(found).toHaveLength(Math.round((sound.length * 16_000) / rate));
      // The ends have silence beside them.
      const error = found.map((sample, index) => sample - expected[index]!).subarray(400, -400);
      expect(rms(error)).toBeLessThan(0.003);
    },
  );

  it('holds nothing of what 16 kHz cannot hold', () => {
    const found = resample(tone(10_000, 48_000, 0.3), 48_000).subarray(400, -400);
    expect(rms(found)).toBeLessThan(0.001);
  });

  it('is the same however the sound is cut', () => {
    const sound = tone(440, 44_100, 0.2);
    expect(resample(sound, 44_100, [1, 2, 1_000, 37])).toEqual(resample(sound, 44_100));
  });

  it('of 16 kHz is that itself, and of nothing is nothing', () => {
    const sound = tone(440, 16_000, 0.1);
    expect(resample(sound, 16_000)).toEqual(sound);
    expect(resample(new Float32Array(0), 48_000)).toHaveLength(0);
  });
});
