import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { forceStopAfter } from '../../../../src/workers/forced-stop.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a stop that hangs ends the process after its grace, and before the scheduler would', async () => {
  const log = recordingLogger();
  const exits: number[] = [];
  forceStopAfter(25, log, (code) => exits.push(code));
  await jest.advanceTimersByTimeAsync(25_000);
  expect(exits).toEqual([]);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(exits).toEqual([1]);
  expect(log.of('stop_forced')).toHaveLength(1);
});
