import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { startLease, type LeaseOptions } from '../../../../src/queue/batch-lease.js';
import type { ReceiptReport } from '../../../../src/queue/message-queue.js';
import { received } from './received.js';

type Change = { receiptHandle: string; seconds: number };
const fine: ReceiptReport = { lost: [], failed: [] };

/** A queue whose answers the test decides; the default is that everything goes through. */
function fakeQueue() {
  const changes: Change[][] = [];
  const deletes: string[][] = [];
  const answers = {
    change: (_entries: readonly Change[]): Promise<ReceiptReport> => Promise.resolve(fine),
    delete: (_receipts: readonly string[]): Promise<ReceiptReport> => Promise.resolve(fine),
  };
  return {
    changes,
    deletes,
    answers,
    changeVisibility: (entries: readonly Change[]) => {
      changes.push([...entries]);
      return answers.change(entries);
    },
    delete: (receipts: readonly string[]) => {
      deletes.push([...receipts]);
      return answers.delete(receipts);
    },
  };
}

function lease(overrides: Partial<LeaseOptions> = {}) {
  const queue = fakeQueue();
  const log = recordingLogger();
  const started = startLease({
    queue,
    visibilityTimeoutSeconds: 30,
    graceSeconds: 20,
    log,
    random: () => 0,
    ...overrides,
  });
  return { queue, log, lease: started };
}

/** The same while a stage runs on a batch of so many messages, received once each. */
function inStage(count = 1, overrides: Partial<LeaseOptions> = {}) {
  const started = lease(overrides);
  started.lease.add(received(count));
  started.lease.enter();
  return started;
}

const says = (report: ReceiptReport) => (): Promise<ReceiptReport> => Promise.resolve(report);
const fails = (): Promise<ReceiptReport> => Promise.reject(new Error('down'));

/** Calls wait from now on, until the function that this returns answers the last of them. */
function later(
  answers: ReturnType<typeof fakeQueue>['answers'],
  call: 'change' | 'delete',
): (report: ReceiptReport) => void {
  let answer: (report: ReceiptReport) => void = () => undefined;
  answers[call] = () => new Promise((resolve) => (answer = resolve));
  return (report) => answer(report);
}

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

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

  it('drops a message whose receipt is refused, and extends it no more', async () => {
    const { queue, log, lease: held } = inStage(2);
    queue.answers.change = says({ lost: ['m0#1'], failed: [] });
    await seconds(10.1);
    expect([...held.lost()]).toEqual(['m0']);
    expect(held.isLive('m1')).toBe(true);
    queue.answers.change = says(fine);
    await seconds(10.1);
    expect(queue.changes.at(-1)).toEqual([{ receiptHandle: 'm1#1', seconds: 30 }]);
    expect(log.of('lease_receipts_lost')).toEqual([expect.objectContaining({ message_ids: ['m0'] })]);
  });

  it('tries sooner after a failure, and counts messages as lost once they may be visible', async () => {
    const { queue, lease: held } = inStage();
    queue.answers.change = says({ lost: [], failed: ['m0#1'] });
    await seconds(26.9);
    expect(queue.changes.length).toBeGreaterThanOrEqual(6);
    expect(held.isLive('m0')).toBe(true);
    await seconds(0.2);
    expect(held.isLive('m0')).toBe(false);
    queue.answers.change = says(fine);
    await seconds(60);
    expect([...held.lost()]).toEqual(['m0']);
  });

  it('survives failed calls as long as one gets through in time', async () => {
    const { queue, lease: held } = inStage();
    queue.answers.change = fails;
    await seconds(20);
    queue.answers.change = says(fine);
    await seconds(30);
    expect(held.isLive('m0')).toBe(true);
  });

  it('never overtakes a slow extension, and takes its late answer for nothing', async () => {
    const { queue, lease: held } = inStage();
    const answer = later(queue.answers, 'change');
    await seconds(28);
    expect(queue.changes).toHaveLength(1);
    answer(fine);
    await seconds(0);
    expect(held.isLive('m0')).toBe(false);
  });

  it('counts an extension from before its call', async () => {
    const { queue, lease: held } = inStage();
    const answer = later(queue.answers, 'change');
    await seconds(20);
    answer(fine);
    queue.answers.change = says({ lost: [], failed: ['m0#1'] });
    await seconds(16.9);
    expect(held.isLive('m0')).toBe(true);
    await seconds(0.2);
    expect(held.isLive('m0')).toBe(false);
  });

  it('makes a message live again that comes with a newer receipt', async () => {
    const { queue, lease: held } = inStage();
    queue.answers.change = says({ lost: ['m0#1'], failed: [] });
    await seconds(10.1);
    expect(held.isLive('m0')).toBe(false);
    held.add(received(1, 2));
    expect(held.isLive('m0')).toBe(true);
    await seconds(10.1);
    expect(queue.changes.at(-1)).toEqual([{ receiptHandle: 'm0#2', seconds: 30 }]);
    expect(held.isLive('m0')).toBe(true);
  });

  it('does not let a refusal of the older receipt fall on the newer one', async () => {
    const { queue, lease: held } = inStage();
    const answer = later(queue.answers, 'change');
    await seconds(10.1);
    held.add(received(1, 2));
    answer({ lost: ['m0#1'], failed: [] });
    await seconds(0);
    expect(held.isLive('m0')).toBe(true);
  });

  it('releases messages with their delays and lets go of them', async () => {
    const { queue, lease: held } = inStage(3);
    const report = await held.release([
      { messageId: 'm0', delaySeconds: 60 },
      { messageId: 'm2', delaySeconds: 0 },
      { messageId: 'unknown', delaySeconds: 5 },
    ]);
    expect(report).toEqual(fine);
    expect(queue.changes).toEqual([
      [
        { receiptHandle: 'm0#1', seconds: 60 },
        { receiptHandle: 'm2#1', seconds: 0 },
      ],
    ]);
    await seconds(10.1);
    expect(queue.changes.at(-1)).toEqual([{ receiptHandle: 'm1#1', seconds: 30 }]);
    expect(held.isLive('m0')).toBe(false);
  });

  it('keeps covering what could not be released', async () => {
    const { queue, lease: held } = inStage(2);
    queue.answers.change = says({ lost: [], failed: ['m1#1'] });
    await held.release(['m0', 'm1'].map((messageId) => ({ messageId, delaySeconds: 60 })));
    queue.answers.change = says(fine);
    await seconds(10.1);
    expect(queue.changes.at(-1)).toEqual([{ receiptHandle: 'm1#1', seconds: 30 }]);
    expect([held.isLive('m0'), held.isLive('m1')]).toEqual([false, true]);
  });

  it('waits for an extension under way before it releases, which would undo the delay', async () => {
    const { queue, lease: held } = inStage();
    const answer = later(queue.answers, 'change');
    await seconds(10.1);
    const releasing = held.release([{ messageId: 'm0', delaySeconds: 60 }]);
    await seconds(1);
    expect(queue.changes).toHaveLength(1);
    queue.answers.change = says(fine);
    answer(fine);
    await releasing;
    expect(queue.changes.at(-1)).toEqual([{ receiptHandle: 'm0#1', seconds: 60 }]);
  });

  it('acknowledges messages, does not extend them meanwhile, and keeps covering what failed', async () => {
    const { queue, log, lease: held } = inStage(3);
    const answer = later(queue.answers, 'delete');
    const acknowledging = held.acknowledge(['m0', 'm1']);
    await seconds(10.1);
    expect(queue.changes.at(-1)).toEqual([{ receiptHandle: 'm2#1', seconds: 30 }]);
    answer({ lost: [], failed: ['m1#1'] });
    expect(await acknowledging).toEqual({ lost: [], failed: ['m1'] });
    await seconds(10.1);
    expect(queue.changes.at(-1)!.map((entry) => entry.receiptHandle)).toEqual(['m1#1', 'm2#1']);
    expect(log.of('lease_receipts_lost')).toEqual([]);
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
