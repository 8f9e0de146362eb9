import fc from 'fast-check';
import { createSampleBuffer } from '../../../../../src/pipelines/recordings/audio/decode/sample-buffer.js';

test('samples come back in order, whatever pieces they came in and however much of a piece was given back', () => {
  const buffer = createSampleBuffer();
  const pieces = fc.array(fc.record({ count: fc.integer({ min: 1, max: 400_000 }), unused: fc.nat() }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(pieces, fc.nat(200_000), fc.nat(900_000), (parts, from, most) => {
      buffer.start();
      let length = 0;
      for (const { count, unused } of parts) {
        const room = buffer.reserve(count);
        expect(room).toHaveLength(count);
        const used = count - (unused % count);
        for (let i = 0; i < used; i++) room[i] = length + i;
        buffer.giveBack(count - used);
        length += used;
      }
      const start = Math.min(from, length);
      const taken = buffer.take(start, most);
      expect(taken).toHaveLength(Math.min(most, length - start));
      expect(taken.findIndex((value, i) => value !== start + i)).toBe(-1);
    }),
    { numRuns: 30 },
  );
});

test('what was taken stays as it is when the next recording comes', () => {
  const buffer = createSampleBuffer();
  buffer.start();
  buffer.reserve(3).set([1, 2, 3]);
  const taken = buffer.take(0, 3);
  buffer.start();
  buffer.reserve(3).set([4, 5, 6]);
  expect([...taken]).toEqual([1, 2, 3]);
});

test('what was recycled is where the next recording lies, if it is large enough', () => {
  const buffer = createSampleBuffer();
  const takeOf = (count: number, value: number): Float32Array => {
    buffer.start();
    buffer.reserve(count).fill(value);
    return buffer.take(0, count);
  };
  const first = takeOf(300_000, 1);
  buffer.recycle(first);
  const second = takeOf(200_000, 2);
  expect(second.buffer).toBe(first.buffer);
  expect(second).toHaveLength(200_000);
  const third = takeOf(200_000, 3);
  expect(third.buffer).not.toBe(second.buffer);
  expect(second.every((value) => value === 2)).toBe(true);
  buffer.recycle(third);
  const longer = takeOf(600_000, 4);
  expect(longer).toHaveLength(600_000);
  expect(longer.every((value) => value === 4)).toBe(true);
});
