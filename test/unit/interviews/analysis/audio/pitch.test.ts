import {
  countPitch,
  newPitchCounts,
  pitchPercentile,
} from '../../../../../src/pipelines/interviews/analysis/audio/pitch-counts.js';
import { PITCH_SAMPLES, pitchOf } from '../../../../../src/pipelines/interviews/analysis/audio/pitch.js';
import { noise, voice } from './sounds.js';

describe('pitch', () => {
  it.each([65, 82, 110, 147, 196, 262, 349, 440])('of a voice at %i Hz is found to 1 %%', (hertz) => {
    const found = pitchOf(voice(hertz, 16_000, 0.1).subarray(200, 200 + PITCH_SAMPLES));
    expect(Math.abs(found! / hertz - 1)).toBeLessThan(0.01);
  });

  it('is not found in noise, nor in silence', () => {
    const looks = Array.from({ length: 50 }, (_, seed) => pitchOf(noise(PITCH_SAMPLES, 0.1, seed)));
    expect(looks.filter((pitch) => pitch !== undefined)).toEqual([]);
    expect(pitchOf(new Float32Array(PITCH_SAMPLES))).toBeUndefined();
  });

  it('of many frames has percentiles between the steps that they are counted in', () => {
    const counts = newPitchCounts();
    for (let hertz = 100; hertz <= 200; hertz++) countPitch(counts, hertz);
    for (const [part, hertz] of [
      [0.1, 110],
      [0.5, 150],
      [0.9, 190],
    ] as const) {
      expect(Math.abs(pitchPercentile(counts, part) / hertz - 1)).toBeLessThan(0.01);
    }
  });
});
