import { received } from './received.js';
import { fine, inStage, says, fails, later, seconds } from './lease-under-test.js';

describe('the receipts of a batch lease', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

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
});
