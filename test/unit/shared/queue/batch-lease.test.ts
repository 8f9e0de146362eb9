import { received } from './received.js';
import { fine, lease, inStage, says, fails, seconds } from './lease-under-test.js';

describe('the batch lease', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('extends from the arrival on, at a third of the timeout', async () => {
    const { queue, lease: held } = lease();
    held.add(received(3));
    await seconds(9.9);
    expect(queue.changes).toHaveLength(0);
    await seconds(0.2);
    expect(queue.changes).toEqual([
      [0, 1, 2].map((index) => ({ receiptHandle: `m${index}#1`, seconds: 30 })),
    ]);
  });

  it('goes on for as long as a stage runs', async () => {
    const { queue, lease: held } = lease();
    held.add(received(1));
    expect(held.enter()).toBe(true);
    await seconds(3600);
    expect(held.isLive('m0')).toBe(true);
    expect(queue.changes).toHaveLength(360);
  });

  it('spreads extensions by its jitter, always earlier', async () => {
    const { queue, lease: held } = lease({ random: () => 1 });
    held.add(received(1));
    await seconds(8.1);
    expect(queue.changes).toHaveLength(1);
  });

  it('covers the grace between stages, and counts it anew after each', async () => {
    const onExpired = jest.fn();
    const { lease: held } = lease({ onExpired });
    held.add(received(1));
    await seconds(19);
    held.enter();
    held.enter();
    await seconds(100);
    held.leave();
    await seconds(100);
    held.leave();
    await seconds(19);
    expect(held.state).toBe('active');
    expect(onExpired).not.toHaveBeenCalled();
    await seconds(1.1);
    expect(held.state).toBe('expired');
    expect(onExpired).toHaveBeenCalledTimes(1);
  });

  it('counts the grace from the last arrival while a receive goes on', async () => {
    const { lease: held } = lease();
    await seconds(15);
    held.add(received(1));
    await seconds(15);
    expect(held.state).toBe('active');
    await seconds(5.1);
    expect(held.state).toBe('expired');
  });

  it('gives the messages back when the grace is over, and lets no stage begin', async () => {
    const { queue, log, lease: held } = lease();
    held.add(received(2));
    await seconds(21);
    expect(queue.changes.at(-1)).toEqual([
      { receiptHandle: 'm0#1', seconds: 0 },
      { receiptHandle: 'm1#1', seconds: 0 },
    ]);
    expect(held.enter()).toBe(false);
    expect(held.isLive('m0')).toBe(false);
    expect(log.of('lease_expired')).toHaveLength(1);
    const calls = queue.changes.length;
    await seconds(100);
    expect(queue.changes).toHaveLength(calls);
  });

  it('expires also when giving back fails', async () => {
    const onExpired = jest.fn(() => {
      throw new Error('sweep failed');
    });
    const { queue, log, lease: held } = lease({ onExpired });
    held.add(received(1));
    queue.answers.change = fails;
    await seconds(21);
    expect(onExpired).toHaveBeenCalledTimes(1);
    expect(log.of('lease_release_failed')).toHaveLength(1);
    expect(log.of('unexpected_error')).toHaveLength(1);
  });

  it('hears of what fails after it has expired, which would end the process unheard', async () => {
    const { log, lease: held } = lease({ onExpired: () => Promise.reject(new Error('sweep failed')) });
    held.add(received(1));
    await seconds(21);
    expect(log.of('unexpected_error')).toMatchObject([{ error: { message: 'sweep failed' } }]);
  });

  it('gives everything back on a drain and ends', async () => {
    const onExpired = jest.fn();
    const { queue, lease: held } = inStage(2, { onExpired });
    expect(await held.giveBack()).toEqual(fine);
    expect(queue.changes).toEqual([
      [
        { receiptHandle: 'm0#1', seconds: 0 },
        { receiptHandle: 'm1#1', seconds: 0 },
      ],
    ]);
    expect(held.state).toBe('ended');
    await seconds(1000);
    expect(queue.changes).toHaveLength(1);
    expect(onExpired).not.toHaveBeenCalled();
  });

  it('leaves no timer behind when it ends', () => {
    const { lease: held } = lease();
    held.add(received(1));
    held.end();
    expect(jest.getTimerCount()).toBe(0);
    expect(held.enter()).toBe(false);
    held.leave();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('respects the 12 hours that SQS allows from a receive', async () => {
    const { queue, lease: held } = inStage(1, { visibilityTimeoutSeconds: 3600 });
    await seconds(12 * 3600 - 10);
    const asked = queue.changes.flat().map((entry) => entry.seconds);
    expect(Math.min(...asked)).toBeLessThan(3600);
    expect(Math.max(...asked)).toBe(3600);
    expect(held.isLive('m0')).toBe(false);
    expect([...held.lost()]).toEqual(['m0']);
  });

  it('notices by the wall clock that the machine was suspended', async () => {
    const { lease: held } = inStage();
    await seconds(1);
    jest.setSystemTime(Date.now() + 120_000);
    expect(held.isLive('m0')).toBe(false);
  });

  it('is not misled by a wall clock that is set back', async () => {
    const { queue, lease: held } = inStage();
    queue.answers.change = says({ lost: [], failed: ['m0#1'] });
    await seconds(10);
    jest.setSystemTime(Date.now() - 3_600_000);
    await seconds(17.1);
    expect(held.isLive('m0')).toBe(false);
  });
});
