import fc from 'fast-check';
import type { MediaFacts } from '../../../../src/pipelines/interviews/contract/media-facts.js';
import { planChunks } from '../../../../src/pipelines/interviews/media/plan-chunks.js';

const MB = 1024 * 1024;

function factsOf(size: number, start: number, end: number): MediaFacts {
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
      keyframes: [],
      reorder: 0,
    },
  };
}

test('a chunk has about the bytes that were asked for', () => {
  const chunks = planChunks(factsOf(200 * MB, 0, 1_000), 20 * MB, 1);
  expect(chunks).toHaveLength(11);
  expect(chunks[0]).toEqual({ k: 0, from: 0, to: 100 });
  expect(chunks.at(-1)).toEqual({ k: 10, from: 1_000, to: 1_001 });
});

test('a chunk is a minute at least, or as long as is said', () => {
  expect(planChunks(factsOf(2_000 * MB, 0, 119.5), 20 * MB, 1)).toEqual([
    { k: 0, from: 0, to: 60 },
    { k: 1, from: 60, to: 120 },
  ]);
  expect(planChunks(factsOf(2_000 * MB, 0, 9.5), 20 * MB, 1, 4)).toHaveLength(3);
});

test('sound alone has no chunks', () => {
  const { video: _video, ...sound } = factsOf(MB, 0, 10);
  expect(planChunks(sound, 20 * MB, 1)).toEqual([]);
});

test('whatever the video and the bytes, each window of it is in one chunk', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -5, max: 100, noNaN: true }),
      fc.double({ min: 0.01, max: 5_000, noNaN: true }),
      fc.integer({ min: 1, max: 100 * MB }),
      fc.constantFrom(0.5, 1, 2, 5),
      (start, seconds, chunkBytes, every) => {
        const facts = factsOf(500 * MB, start, start + seconds);
        const windows = planChunks(facts, chunkBytes, every).flatMap(({ from, to }) =>
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
