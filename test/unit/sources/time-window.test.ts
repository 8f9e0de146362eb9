import {
  adaptWidth,
  FIRST_WIDTH_MS,
  formatHint,
  nextWidthWithinPage,
  readHint,
  windowFrom,
} from '../../../src/sources/time-window.js';

const MINUTE_MS = 60_000;
const NOW_MS = Date.parse('2025-12-21T00:00:00Z');

test('a window of the past ends where its width says, one that reaches the present has no end', () => {
  const from = NOW_MS - 60 * MINUTE_MS;
  expect(windowFrom(from, MINUTE_MS, NOW_MS)).toEqual({ fromMs: from, untilMs: from + MINUTE_MS });
  expect(windowFrom(NOW_MS - 1, MINUTE_MS, NOW_MS).untilMs).toBe(Infinity);
});

test('a dozen empty windows reach the end of time from any clock', () => {
  let width = 1_000;
  let from = 0;
  let windows = 0;
  while (from < Infinity) {
    from = windowFrom(from, width, NOW_MS).untilMs;
    width = nextWidthWithinPage(width, 0, 100);
    windows += 1;
  }
  expect(windows).toBeLessThanOrEqual(12);
});

test('a window that nearly filled the page is followed by a small one', () => {
  expect(nextWidthWithinPage(100 * MINUTE_MS, 95, 6)).toBe(25 * MINUTE_MS);
  expect(nextWidthWithinPage(100 * MINUTE_MS, 50, 51)).toBe(204 * MINUTE_MS);
});

test('the width settles where a window holds a page', () => {
  let width = FIRST_WIDTH_MS;
  for (let page = 0; page < 12; page += 1) width = adaptWidth(width, 2 * MINUTE_MS, 1);
  expect(width).toBeGreaterThan(2 * MINUTE_MS);
  expect(width).toBeLessThan(3 * MINUTE_MS);
});

test('a burst within one millisecond does not close the window', () => {
  expect(adaptWidth(FIRST_WIDTH_MS, 0, 1)).toBeGreaterThanOrEqual(1_000);
});

test('a hint comes back as the width it was made of; another program’s is passed over', () => {
  expect(readHint(formatHint(123_456))).toBe(123_456);
  for (const hint of [
    undefined,
    '',
    '{}',
    'null',
    '{"window_ms":-5}',
    '{"window_ms":1e99}',
    'x'.repeat(1_000),
  ]) {
    expect(readHint(hint)).toBe(FIRST_WIDTH_MS);
  }
});
