import { AttemptFailed } from '../../../../src/objects/download/attempt-failed.js';
import { backoffMs, parseRetryAfter } from '../../../../src/objects/download/backoff.js';

const cut = new AttemptFailed('cut', 'dropped');
const throttled = new AttemptFailed('throttled', 'slow down');

test('the wait is anything from zero to a bound that doubles', () => {
  expect(backoffMs(cut, 0, 500, () => 0)).toBe(0);
  expect([0, 1, 2].map((attempt) => backoffMs(cut, attempt, 500, () => 0.5))).toEqual([250, 500, 1_000]);
});

test('the wait never exceeds 20 seconds, whatever the server asks', () => {
  expect(backoffMs(cut, 30, 500, () => 0.999)).toBeLessThanOrEqual(20_000);
  expect(backoffMs(new AttemptFailed('throttled', '', 3_600_000), 0, 500, () => 0)).toBe(20_000);
});

test('a store that asks to slow down is given longer', () => {
  expect(backoffMs(throttled, 0, 500, () => 0.5)).toBe(1_000);
  expect(backoffMs(new AttemptFailed('throttled', '', 3_000), 0, 500, () => 0.5)).toBe(3_000);
});

test('Retry-After is read in seconds and as a date', () => {
  expect(parseRetryAfter('2', 0)).toBe(2_000);
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:05 GMT', 1_000)).toBe(4_000);
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:05 GMT', 9_000)).toBe(0);
  expect(parseRetryAfter('soon', 0)).toBeUndefined();
  expect(parseRetryAfter(undefined, 0)).toBeUndefined();
});
