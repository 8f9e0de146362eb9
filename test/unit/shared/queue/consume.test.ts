import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import { consuming, message, settled } from './consumer-under-test.js';

const done = { message: 'delete', outcome: 'done' } as const;
const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a consumer of single messages', () => {
  test('receives only for a free place', async () => {
    const { queue, begun, consumer } = consuming({ places: 2 });
    queue.arrive(message('a'), message('b'), message('c'));
    await settled();
    expect(begun.map(({ body }) => body)).toEqual(['a', 'b']);
    expect(consumer.size).toBe(2);
    expect(queue.waiting).toHaveLength(1);
    begun[0]!.settle(done);
    await settled();
    expect(begun.map(({ body }) => body)).toEqual(['a', 'b', 'c']);
  });

  test('deletes what is done, and releases what is to come again', async () => {
    const { queue, begun, ended } = consuming();
    const [first, second] = [message('a'), message('b')];
    queue.arrive(first, second);
    await settled();
    begun[0]!.settle(done);
    begun[1]!.settle({ message: 'release', delaySeconds: 60, outcome: 'busy' });
    await settled();
    expect(queue.deleted).toEqual([first.receiptHandle]);
    expect(queue.visibility).toEqual([{ receiptHandle: second.receiptHandle, seconds: 60 }]);
    expect(ended).toEqual(['done', 'busy']);
  });

  test('lets a failed one come again after a delay that grows with its deliveries', async () => {
    const { queue, begun, ended, log } = consuming();
    queue.arrive(message('a', { receiveCount: 3 }));
    await settled();
    begun[0]!.fail(new DependencyUnavailable('S3 is away'));
    await settled();
    expect(queue.visibility).toMatchObject([{ seconds: 120 }]);
    expect(ended).toEqual(['failed']);
    expect(log.of('message_failed')).toMatchObject([{ receive_count: 3 }]);
  });

  test('keeps the lease from the arrival to the end, and no longer', async () => {
    const { queue, begun } = consuming();
    queue.arrive(message('a'));
    await settled();
    await seconds(3600);
    expect(begun[0]!.consumed.isLive()).toBe(true);
    expect(queue.visibility.length).toBeGreaterThan(300);
    begun[0]!.settle(done);
    await settled();
    const extended = queue.visibility.length;
    await seconds(3600);
    expect(queue.visibility).toHaveLength(extended);
  });

  test('tells the handler to yield when the receive gets old, and how long SQS lets it go on', async () => {
    const { queue, begun } = consuming({ yieldAfterSeconds: 20 });
    queue.arrive(message('a'));
    await settled();
    const { yieldSignal, secondsLeft, signal } = begun[0]!.consumed;
    await seconds(19);
    expect([yieldSignal.aborted, Math.round(secondsLeft())]).toEqual([false, 12 * 3600 - 19]);
    await seconds(2);
    expect([yieldSignal.aborted, signal.aborted]).toEqual([true, false]);
  });

  test('ends at the twelfth hour for good, whatever the handler does', async () => {
    const { queue, begun, ended } = consuming({ visibilityTimeoutSeconds: 600 });
    queue.arrive(message('a'));
    await settled();
    await seconds(12 * 3600 - 60);
    expect(begun[0]!.consumed.signal.aborted).toBe(false);
    await seconds(300);
    expect(begun[0]!.consumed.signal.aborted).toBe(true);
    expect(ended).toEqual(['lost']);
  });

  test('works once on a message that arrives twice, under its newer receipt', async () => {
    const { queue, begun } = consuming();
    const first = message('a');
    queue.arrive(first);
    await settled();
    queue.arrive({ ...first, receiptHandle: `${first.messageId}#2`, receiveCount: 2 });
    await settled();
    expect(begun).toHaveLength(1);
    begun[0]!.settle(done);
    await settled();
    expect(queue.deleted).toEqual([`${first.messageId}#2`]);
  });

  test('begins anew with one whose earlier receipt was lost, once that is left', async () => {
    const { queue, begun, ended } = consuming();
    const first = message('a');
    queue.arrive(first);
    await settled();
    // Another process has it and gives it back: the receipt is worthless.
    await queue.changeVisibility([{ receiptHandle: first.receiptHandle, seconds: 0 }]);
    const again = queue.waiting.pop()!;
    await seconds(40);
    expect(begun[0]!.consumed.signal.aborted).toBe(true);
    queue.arrive(again);
    await settled();
    expect(begun).toHaveLength(2);
    begun[1]!.settle(done);
    await settled();
    expect(ended).toEqual(['lost', 'done']);
    expect(queue.deleted).toEqual([again.receiptHandle]);
  });

  test('holds a settled message until the queue takes it', async () => {
    const { queue, begun, consumer, ended } = consuming();
    queue.arrive(message('a'));
    await settled();
    queue.broken = new DependencyUnavailable('SQS is away');
    begun[0]!.settle(done);
    await settled();
    expect([queue.deleted, consumer.size]).toEqual([[], 1]);
    queue.broken = undefined;
    await seconds(30);
    expect([queue.deleted.length, consumer.size, ended]).toEqual([1, 0, ['done']]);
  });

  test('goes on when the queue is back, and does not hammer it meanwhile', async () => {
    const { queue, begun, log } = consuming({ random: () => 0.5 });
    queue.broken = new DependencyUnavailable('SQS is away');
    queue.arrive(message('a'));
    await seconds(120);
    expect(queue.receives).toBeLessThan(20);
    expect(log.of('dependency_unavailable').length).toBeGreaterThan(3);
    queue.broken = undefined;
    await seconds(30);
    expect(begun).toHaveLength(1);
  });
});

describe('a consumer and what it cannot read', () => {
  test('copies it to the dead-letter queue with the reason, and deletes it then', async () => {
    const { queue, dead, ended, log } = consuming();
    const dirt = message('dirt', {
      attributes: { sender: { DataType: 'String', StringValue: 'somebody' } },
    });
    queue.arrive(dirt);
    await settled();
    expect(dead.sent).toMatchObject([
      {
        body: 'dirt',
        attributes: {
          reason: 'body: not JSON',
          vachan_message_id: dirt.messageId,
          sender: { StringValue: 'somebody' },
        },
      },
    ]);
    expect(queue.deleted).toEqual([dirt.receiptHandle]);
    expect(ended).toEqual(['malformed']);
    expect(log.of('message_malformed')).toMatchObject([{ to: 'dead_letters' }]);
  });

  test.each([
    ['does not take it', { refuse: true, there: true }],
    ['is not there', { refuse: false, there: false }],
  ])('keeps it where the dead-letter queue %s', async (_case, { refuse, there }) => {
    const made = consuming(there ? {} : { findDeadLetters: () => Promise.resolve(undefined) });
    made.dead.refuses = () => refuse;
    made.queue.arrive(message('dirt'));
    await settled();
    expect(made.queue.deleted).toEqual([]);
    expect(made.queue.visibility).toMatchObject([{ seconds: 30 }]);
    expect(made.log.of('malformed_not_moved')).toHaveLength(1);
  });
});

describe('a consumer that is drained', () => {
  test('takes nothing new, asks for what is held, and lets it finish', async () => {
    const { queue, begun, consumer } = consuming();
    queue.arrive(message('a'));
    await settled();
    consumer.drain();
    queue.arrive(message('b'));
    await settled();
    expect(begun).toHaveLength(1);
    expect([begun[0]!.consumed.yieldSignal.aborted, begun[0]!.consumed.signal.aborted]).toEqual([
      true,
      false,
    ]);
    begun[0]!.settle({ message: 'release', delaySeconds: 0, outcome: 'yielded' });
    await settled();
    expect(consumer.size).toBe(0);
  });

  test('gives back what is left, at once', async () => {
    const { queue, begun, consumer, ended } = consuming();
    const changes: number[] = [];
    consumer.onChange(() => changes.push(consumer.size));
    const first = message('a');
    queue.arrive(first);
    await settled();
    consumer.drain();
    await consumer.giveBackAll();
    await settled();
    expect(queue.visibility).toEqual([{ receiptHandle: first.receiptHandle, seconds: 0 }]);
    expect(begun[0]!.consumed.signal.aborted).toBe(true);
    expect([consumer.size, changes, ended]).toEqual([0, [1, 0], ['lost']]);
    await consumer.close();
  });
});
