import fc from 'fast-check';
import { retryDelaySeconds } from '../../../../src/queue/retry-delay.js';

describe('the retry delay', () => {
  it('doubles with each delivery up to its cap', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 100, 5000].map((count) => retryDelaySeconds(count, { jitter: 0 }));
    expect(delays).toEqual([30, 60, 120, 240, 480, 900, 900, 900, 900]);
  });

  it('is shortened by its jitter at most', () => {
    expect(retryDelaySeconds(1, { jitter: 0.5 }, () => 1)).toBe(15);
    expect(retryDelaySeconds(1, { jitter: 0.5 }, () => 0)).toBe(30);
  });

  it('is a whole number within its bounds for any count', () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 43_200 }),
        (count, base, max) => {
          const delay = retryDelaySeconds(count, { baseSeconds: base, maxSeconds: max });
          expect(Number.isInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(1);
          expect(delay).toBeLessThanOrEqual(max);
        },
      ),
    );
  });
});
