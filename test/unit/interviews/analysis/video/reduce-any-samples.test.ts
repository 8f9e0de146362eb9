import fc from 'fast-check';
import { between, reduce } from './reduce-samples.js';
import { pictureNumber, sample } from './samples.js';

const anyFace = fc.record({
  score: fc.double({ min: 0.5, max: 1, noNaN: true }),
  box: fc.record({
    x: fc.double({ min: -0.1, max: 0.9, noNaN: true }),
    y: fc.double({ min: -0.1, max: 0.9, noNaN: true }),
    width: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    height: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
  }),
  pose: fc.option(
    fc.record({
      yaw: fc.double({ min: -90, max: 90, noNaN: true }),
      pitch: fc.double({ min: -90, max: 90, noNaN: true }),
      roll: fc.double({ min: -180, max: 180, noNaN: true }),
    }),
    { nil: undefined },
  ),
});

const anySamples = fc
  .array(
    fc.record({
      present: fc.boolean(),
      faces: fc.array(anyFace, { maxLength: 3 }),
      offset: fc.double({ min: 0, max: 0.99, noNaN: true }),
      brightness: fc.double({ min: 0, max: 1, noNaN: true }),
      picture: fc.nat({ max: 3 }),
    }),
    { maxLength: 40 },
  )
  .map((places) =>
    places.flatMap(({ present, faces, offset, brightness, picture }, k) =>
      present
        ? [
            sample(k, {
              ...{ time: k + offset, brightness, signature: pictureNumber(picture) },
              faces: faces.map(({ pose, ...rest }) => ({ ...rest, ...(pose && { pose }) })),
            }),
          ]
        : [],
    ),
  );

describe('whatever the samples are', () => {
  it('chunks say the same as the whole, in any order', () => {
    fc.assert(
      fc.property(
        anySamples,
        fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
        fc.boolean(),
        (taken, cuts, backwards) => {
          const bounds = [0, ...cuts.sort((a, b) => a - b), 1000];
          const chunks = bounds
            .slice(1)
            .map((bound, index) => taken.filter(({ k }) => between(k, bounds[index]!, bound)));
          if (backwards) chunks.reverse();
          expect(reduce(chunks.flat(), 40)).toEqual(reduce(taken, 40));
        },
      ),
    );
  });

  it('all numbers are finite, all ratios shares, all spans within the picture and in order', () => {
    fc.assert(
      fc.property(anySamples, fc.double({ min: 1, max: 45, noNaN: true }), (taken, end) => {
        const measures = reduce(taken, end);
        expect(JSON.parse(JSON.stringify(measures))).toEqual(measures);
        const { faces, head, picture } = measures;
        for (const ratio of [
          faces.face_present_ratio,
          faces.multiple_faces_ratio,
          head.turned_ratio,
          picture.frozen_ratio,
        ])
          expect(ratio ?? 0.5).toBeLessThanOrEqual(1);
        for (const spans of [faces.counts, faces.absent, faces.multiple, head.turns, picture.frozen]) {
          const times = spans.flatMap(({ start: from, end: to }) => [from, to]);
          expect(times).toEqual([...times].sort((a, b) => a - b));
          for (const time of times) expect(between(time, 0, end + 0.001)).toBe(true);
        }
        const seconds = faces.seconds_by_count.reduce((sum, each) => sum + each.seconds, 0);
        expect(seconds).toBeCloseTo(faces.coverage.seconds, 2);
      }),
    );
  });
});
