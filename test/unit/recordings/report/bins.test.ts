import fc from 'fast-check';
import { niceSpanMs, niceStep, niceTicks } from '../../../../src/pipelines/recordings/report/bins.js';

describe('bins and ticks', () => {
  test('are 1, 2 or 5 times a power of ten', () => {
    expect([0.011, 0.02, 0.3, 4, 6, 10].map(niceStep)).toEqual([0.02, 0.02, 0.5, 5, 10, 10]);
    expect(niceTicks(87, 4)).toEqual([0, 50, 100]);
    expect(niceTicks(0, 4)).toEqual([0, 1]);
  });

  test('reach as far as what is shown, whatever its size', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (most) => {
        const ticks = niceTicks(most, 4);
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(most * (1 - 1e-6));
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });

  test('of time are spans that people know', () => {
    const minutes = 60_000;
    expect(niceSpanMs(5 * 60 * minutes, 72)).toBe(5 * minutes);
    expect(niceSpanMs(20_000, 72)).toBe(1_000);
    expect(niceSpanMs(0, 72)).toBe(1_000);
    expect(niceSpanMs(300 * 24 * 60 * minutes, 72)).toBe(5 * 24 * 60 * minutes);
  });
});
