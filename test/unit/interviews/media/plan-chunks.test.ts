import fc from 'fast-check';
import type { MediaFacts } from '../../../../src/pipelines/interviews/contract/media-facts.js';
import { planChunks } from '../../../../src/pipelines/interviews/media/plan-chunks.js';

const MB = 1024 * 1024;

function factsOf(size: number, start: number, end: number, keyframes: readonly number[] = []): MediaFacts {
  return {
    container: 'mov',
    size,
    stated_duration: null,
    duration: end - start,
    sequential: false,
    warnings: [],
    video: {
      codec: 'h264',
      width: 1280,
      height: 720,
      rotation: 0,
      start,
      end,
      frames: 1,
      keyframes: keyframes.map((time) => ({ time, position: -1 })),
      reorder: 0,
    },
  };
}

test('a chunk has about the bytes that were asked for', () => {
  const chunks = planChunks(factsOf(200 * MB, 0, 1_000), { bytes: 20 * MB, every: 1 });
  expect(chunks).toHaveLength(11);
  expect(chunks[0]).toEqual({ k: 0, from: 0, to: 100 });
  expect(chunks.at(-1)).toEqual({ k: 10, from: 1_000, to: 1_001 });
});

test('a chunk is a minute at least, or as long as is said', () => {
  expect(planChunks(factsOf(2_000 * MB, 0, 119.5), { bytes: 20 * MB, every: 1 })).toEqual([
    { k: 0, from: 0, to: 60 },
    { k: 1, from: 60, to: 120 },
  ]);
  expect(planChunks(factsOf(2_000 * MB, 0, 9.5), { bytes: 20 * MB, every: 1, shortest: 4 })).toHaveLength(3);
});

test('a small video is divided all the same, so that cores can share it', () => {
  const chunks = planChunks(factsOf(9 * MB, 0, 599.5), { bytes: 20 * MB, every: 1 });
  expect(chunks).toHaveLength(8);
  expect(chunks[0]).toEqual({ k: 0, from: 0, to: 75 });
  const two = planChunks(factsOf(9 * MB, 0, 599.5), { bytes: 20 * MB, every: 1, least: 2 });
  expect(two).toHaveLength(2);
});

test('a chunk begins with the first sample behind a keyframe, where there is one in the third before its end', () => {
  const video = factsOf(9 * MB, 0, 599.5, [0, 61.2, 74.9, 76, 120, 200.5]);
  const starts = planChunks(video, { bytes: 20 * MB, every: 1 }).map(({ from }) => from);
  // 74.9 is before 75; from there on 150 has none near it; 201 is within the third before 225.
  expect(starts).toEqual([0, 75, 150, 201, 276, 351, 426, 501, 576]);
});

test('sound alone has no chunks', () => {
  const { video: _video, ...sound } = factsOf(MB, 0, 10);
  expect(planChunks(sound, { bytes: 20 * MB, every: 1 })).toEqual([]);
});

test('whatever the video and the bytes, each window of it is in one chunk', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -5, max: 100, noNaN: true }),
      fc.double({ min: 0.01, max: 5_000, noNaN: true }),
      fc.integer({ min: 1, max: 100 * MB }),
      fc.constantFrom(0.5, 1, 2, 5),
      fc.array(fc.double({ min: -5, max: 5_000, noNaN: true })),
      (start, seconds, bytes, every, keyframes) => {
        const inOrder = keyframes.toSorted((one, other) => one - other);
        const facts = factsOf(500 * MB, start, start + seconds, inOrder);
        const windows = planChunks(facts, { bytes, every }).flatMap(({ from, to }) =>
          Array.from(
            { length: Math.round((to - from) / every) },
            (_, index) => Math.round(from / every) + index,
          ),
        );
        const first = Math.max(0, Math.floor(start / every));
        const last = Math.floor((start + seconds) / every);
        expect(windows).toEqual(
          Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index),
        );
      },
    ),
  );
});
