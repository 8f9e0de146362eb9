import { LOOK_EVERY_SECONDS, pauseBeforeLook } from '../../../../src/workflows/exports/look-times.js';

test('wake-ups bring about a look every five seconds at first', () => {
  expect(pauseBeforeLook(1)).toBe(5);
  expect(pauseBeforeLook(100)).toBe(5);
});

test('from the three hundredth look on a wake-up changes nothing', () => {
  expect(pauseBeforeLook(299)).toBeLessThan(LOOK_EVERY_SECONDS + 1);
  expect(pauseBeforeLook(300)).toBe(LOOK_EVERY_SECONDS);
  expect(pauseBeforeLook(100_000)).toBe(LOOK_EVERY_SECONDS);
});

test('the pause never shrinks', () => {
  const pauses = Array.from({ length: 400 }, (_, looks) => pauseBeforeLook(looks));
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
});
