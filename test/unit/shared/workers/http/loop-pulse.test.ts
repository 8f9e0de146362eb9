import { startLoopPulse, watchPulse } from '../../../../../src/workers/http/loop-pulse.js';

afterEach(() => jest.useRealTimers());

test('a loop that turns is never silent for long, and one that does not is for as long as it has not', () => {
  jest.useFakeTimers();
  const pulse = startLoopPulse();
  const silentMs = watchPulse(pulse.beats);
  jest.advanceTimersByTime(3_600_000);
  expect(silentMs()).toBeLessThan(2_000);
  // As when something else holds the loop.
  pulse.stop();
  jest.advanceTimersByTime(42_000);
  expect(silentMs()).toBeGreaterThanOrEqual(42_000);
});
