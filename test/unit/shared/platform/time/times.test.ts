import { fullJitterMs } from '../../../../../src/platform/time/backoff.js';
import { wait } from '../../../../../src/platform/time/wait.js';
import { within } from '../../../../../src/platform/time/within.js';

const never = new Promise<never>(() => undefined);

test('a wait ends with the signal’s reason as soon as it aborts', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const waiting = wait(60_000, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(wait(60_000, controller.signal)).rejects.toBe(reason);
  await wait(0);
});

test('work that is done in time gives its own answer or error', async () => {
  await expect(within(60_000, Promise.resolve('done'), () => 'late')).resolves.toBe('done');
  await expect(within(60_000, Promise.reject(new Error('its own')), () => 'late')).rejects.toThrow('its own');
});

test('work that takes too long gives what stands in for it, or its error', async () => {
  await expect(within(1, never, () => 'late')).resolves.toBe('late');
  await expect(
    within(1, never, () => {
      throw new Error('too late');
    }),
  ).rejects.toThrow('too late');
});

test('the pause before another attempt is anything from zero to a bound that doubles up to a cap', () => {
  const bounds = { baseMs: 100, maxMs: 300 };
  expect(fullJitterMs(2, bounds, () => 0)).toBe(0);
  expect([0, 1, 2, 30].map((attempt) => fullJitterMs(attempt, bounds, () => 0.5))).toEqual([
    50, 100, 150, 150,
  ]);
});
