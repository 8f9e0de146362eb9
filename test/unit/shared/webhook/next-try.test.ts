import { nextTryMs } from '../../../../src/webhook/next-try.js';

const DELAYS = [5, 300, 86_400];

describe('the pause before the next try', () => {
  it.each([
    [1, undefined, 5_000],
    [2, undefined, 300_000],
    [3, undefined, 86_400_000],
    [4, undefined, undefined],
    [1, 60, 60_000],
    [2, 60, 300_000],
    [1, 1e9, 86_400_000],
  ])('after %d tries, asked to wait %p s', (tries, asked, pause) => {
    expect(nextTryMs(tries, DELAYS, asked, () => 0)).toBe(pause);
  });

  it('differs by up to a tenth, so that many events do not come at once', () => {
    expect(nextTryMs(2, DELAYS, undefined, () => 0.5)).toBe(315_000);
  });
});
