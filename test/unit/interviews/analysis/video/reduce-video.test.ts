import { reduceVideo } from '../../../../../src/pipelines/interviews/analysis/video/reduce-video.js';
import { between, reduce, reduceSeconds } from './reduce-samples.js';
import { ENGINES, face, OTHER_FACE, sample, samples } from './samples.js';

describe('the number of faces', () => {
  it('changes halfway between the samples around a change', () => {
    const { faces } = reduceSeconds(20, (k) => (between(k, 6, 14) ? { faces: [OTHER_FACE, face()] } : {}));
    expect(faces.counts).toEqual([
      { start: 0, end: 5.5, faces: 1 },
      { start: 5.5, end: 13.5, faces: 2 },
      { start: 13.5, end: 20, faces: 1 },
    ]);
    expect(faces.multiple).toEqual([{ start: 5.5, end: 13.5 }]);
    expect(faces).toMatchObject({ face_present_ratio: 1, multiple_faces_ratio: 0.4, absent: [] });
    expect(faces.seconds_by_count).toEqual([
      { faces: 1, seconds: 12 },
      { faces: 2, seconds: 8 },
    ]);
  });

  it('is zero while the person is away', () => {
    const { faces, position } = reduceSeconds(10, (k) => (between(k, 4, 7) ? { faces: [] } : {}));
    expect(faces.absent).toEqual([{ start: 3.5, end: 6.5 }]);
    expect(faces.face_present_ratio).toBe(0.7);
    expect(position.coverage).toEqual({ seconds: 7, ratio: 0.7 });
  });
});

describe('coverage of the picture', () => {
  it('counts to its own end, where the sound goes on', () => {
    expect(reduce(samples(6), 6).faces).toMatchObject({
      coverage: { seconds: 6, ratio: 1 },
      face_present_ratio: 1,
    });
  });

  it('says what could not be decoded, and ratios are of the rest', () => {
    const { faces, sampling } = reduce(
      samples(30, (k) => (k < 5 ? { faces: [] } : {})).filter(({ k }) => !between(k, 10, 25)),
      30,
    );
    // A frame may last for five seconds; the other ten are unknown.
    expect(faces.coverage).toEqual({ seconds: 20, ratio: 0.6667 });
    expect(sampling).toEqual({ every: 1, expected: 30, taken: 15, held: 5 });
    expect(faces.counts.map(({ start, end }) => [start, end])).toEqual([
      [0, 4.5],
      [4.5, 15],
      [25, 30],
    ]);
  });

  it('includes places that a sample stands for', () => {
    const { faces, sampling } = reduce([sample(0, { until: 8 }), sample(9)], 10);
    expect(faces.coverage.ratio).toBe(1);
    expect(sampling).toMatchObject({ taken: 2, held: 8 });
  });

  it('is none without a sample', () => {
    const { faces, head, eyes, picture } = reduce([], 10);
    expect(faces).toMatchObject({ coverage: { seconds: 0, ratio: 0 }, face_present_ratio: null, counts: [] });
    expect(head).toMatchObject({ own_median: null, turned_ratio: null, yaw: { median: null } });
    expect(eyes.off_ratio).toBeNull();
    expect(picture.brightness.median).toBeNull();
  });
});

it('of a medium without video is refused', () => {
  expect(() => reduceVideo([], { container: 'wav' }, { every: 1, engines: ENGINES })).toThrow(
    /wav medium without video/,
  );
});
