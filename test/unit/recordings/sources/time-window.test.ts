import fc from 'fast-check';
import {
  FIRST_WIDTH_MS,
  formatHint,
  readHint,
  startPace,
  windowUntil,
} from '../../../../src/pipelines/recordings/sources/time-window.js';

const MINUTE_MS = 60_000;
const NOW_MS = Date.parse('2025-12-21T00:00:00Z');
const PAGE = 101;

/** Widths of one page's windows over rows that come at an even rate. */
function widthsOfPage(rowsPerSecond: number, hintMs: number) {
  const pace = startPace(0, hintMs, PAGE);
  const widths: number[] = [];
  for (let [fromMs, missing] = [0, PAGE]; missing > 0;) {
    const widthMs = pace.widthMs();
    widths.push(widthMs);
    const held = Math.floor((widthMs / 1_000) * rowsPerSecond);
    const rows = Math.min(missing, held);
    missing -= rows;
    fromMs += widthMs * Math.min(1, rows / Math.max(1, held));
    if (rows > 0) pace.foundRows(rows, fromMs, missing);
  }
  return { widths, hintMs: pace.widthMs() };
}

test('a window of the past ends where its width says, one that reaches the present has no end', () => {
  const from = NOW_MS - 60 * MINUTE_MS;
  expect(windowUntil(from, from + MINUTE_MS, NOW_MS)).toEqual({ fromMs: from, untilMs: from + MINUTE_MS });
  expect(windowUntil(NOW_MS - 1, NOW_MS + MINUTE_MS, NOW_MS).untilMs).toBe(Infinity);
});

test('bounds are whole milliseconds, so that every row belongs to one window', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 10, max: 1e9, noNaN: true }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 1e7 })), {
        maxLength: 20,
      }),
      (hintMs, windows) => {
        const pace = startPace(0, hintMs, PAGE);
        let fromMs = 0;
        for (const [rows, gapMs] of windows) {
          const { untilMs } = windowUntil(fromMs, fromMs + gapMs + pace.widthMs(), Infinity);
          expect(Number.isInteger(untilMs)).toBe(true);
          expect(untilMs).toBeGreaterThan(fromMs);
          if (gapMs > 0) pace.foundGap(fromMs + gapMs);
          pace.foundRows(rows, untilMs, PAGE - rows);
          fromMs = untilMs;
        }
      },
    ),
  );
});

test('where rows come evenly, two windows make a page: most of it, and the remainder', () => {
  const { hintMs } = widthsOfPage(25, 3_200);
  const { widths } = widthsOfPage(25, hintMs);
  expect(widths).toHaveLength(2);
  // 101 rows at 25 a second are 4.04 s.
  expect(widths[0]).toBeGreaterThan(2_800);
  expect(widths[0]! + widths[1]!).toBeLessThan(1.1 * 4_040);
});

test('a wrong guess of the page before is corrected by the next hint', () => {
  const tooWide = widthsOfPage(100, MINUTE_MS);
  expect(tooWide.widths).toHaveLength(1);
  expect(tooWide.hintMs).toBeLessThan(1_010);
});

test('a window is at most twice as wide as the one before, since a burst may begin', () => {
  const { widths } = widthsOfPage(1, FIRST_WIDTH_MS);
  for (const [index, width] of widths.slice(1).entries())
    expect(width).toBeLessThanOrEqual(2 * widths[index]!);
});

test('after a gap windows start small again, and a clock of whole seconds has no gaps', () => {
  const pace = startPace(0, MINUTE_MS, PAGE);
  pace.foundGap(1_000);
  expect(pace.widthMs()).toBe(MINUTE_MS);
  pace.foundGap(10 * MINUTE_MS);
  expect(pace.widthMs()).toBe(10_000);
  expect(startPace(0, 300, PAGE).widthMs()).toBe(300);
});

test('a burst within one millisecond does not close the window', () => {
  const pace = startPace(0, FIRST_WIDTH_MS, PAGE);
  pace.foundRows(PAGE, 0, 0);
  expect(pace.widthMs()).toBeGreaterThanOrEqual(10);
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
