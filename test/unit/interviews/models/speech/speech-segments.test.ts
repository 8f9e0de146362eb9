import fc from 'fast-check';
import {
  FRAME_SAMPLES,
  SPEECH_RATE_HZ,
  speechSegments,
  startCutting,
} from '../../../../../src/pipelines/interviews/models/speech/speech-segments.js';

const FRAME_SECONDS = FRAME_SAMPLES / SPEECH_RATE_HZ;
const frames = (...runs: [frames: number, probability: number][]): number[] =>
  runs.flatMap(([count, probability]) => Array<number>(count).fill(probability));
const bare = { padSeconds: 0 };
const cut = (probabilities: number[], options = {}) =>
  speechSegments(probabilities, probabilities.length * FRAME_SAMPLES, { ...bare, ...options });

describe('speech segments', () => {
  it('begin above one threshold and end below a lower one', () => {
    const [segment, ...others] = cut(frames([10, 0.1], [10, 0.6], [20, 0.4], [10, 0.1]));
    expect(others).toEqual([]);
    expect(segment).toEqual({ start: 10 * FRAME_SECONDS, end: 40 * FRAME_SECONDS });
    expect(cut(frames([40, 0.4]))).toEqual([]);
  });

  it('bridge a short silence and leave out a short sound', () => {
    const spoken = frames([20, 0.9], [2, 0], [20, 0.9], [20, 0], [5, 0.9], [20, 0]);
    expect(cut(spoken)).toEqual([{ start: 0, end: 42 * FRAME_SECONDS }]);
    expect(cut(spoken, { minSilenceSeconds: 0.03, minSpeechSeconds: 0.1 })).toHaveLength(3);
  });

  it('are cut at their longest silence when they are too long', () => {
    const spoken = frames([30, 0.9], [4, 0], [10, 0.9], [6, 0], [60, 0.9]);
    const [first, second] = cut(spoken, { minSilenceSeconds: 1, maxSpeechSeconds: 2 });
    expect(first?.end).toBe(44 * FRAME_SECONDS);
    expect(second?.start).toBe(50 * FRAME_SECONDS);
    const tied = frames([20, 0.9], [5, 0], [10, 0.9], [5, 0], [60, 0.9]);
    expect(cut(tied, { minSilenceSeconds: 1, maxSpeechSeconds: 2 })[0]?.end).toBe(20 * FRAME_SECONDS);
  });

  it('come as soon as they are certain, and are the same however the probabilities come', () => {
    const cutter = startCutting({ padSeconds: 0.05 });
    expect(cutter.push(frames([20, 0.9], [5, 0.1]))).toEqual([{ start: 0, end: 0.69 }]);
    // Runs of speech, silence and doubt, so that pauses of every length come up.
    const run = fc
      .tuple(fc.integer({ min: 1, max: 20 }), fc.constantFrom(0, 0.4, 0.9))
      .map((one) => frames(one));
    const options = {
      maxSpeechSeconds: 1.5,
      padSeconds: 0.2,
      minSilenceSeconds: 0.06,
      minSpeechSeconds: 0.05,
    };
    fc.assert(
      fc.property(fc.array(run, { maxLength: 20 }), (parts) => {
        const samples = parts.flat().length * FRAME_SAMPLES;
        const piecemeal = startCutting(options);
        const found = parts.flatMap((part) => piecemeal.push(part));
        expect([...found, ...piecemeal.finish(samples)]).toEqual(
          speechSegments(parts.flat(), samples, options),
        );
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('are in order, inside the recording, never overlap and never last too long, whatever the probabilities', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 300 }), fc.nat(FRAME_SAMPLES - 1), (values, missing) => {
        const samples = Math.max(0, values.length * FRAME_SAMPLES - missing);
        let before = 0;
        for (const { start, end } of speechSegments(values, samples, { maxSpeechSeconds: 1.5 })) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThan(start);
          expect(end - start).toBeLessThanOrEqual(1.5);
          before = end;
        }
        expect(before).toBeLessThanOrEqual(samples / SPEECH_RATE_HZ);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
