import { DependencyUnavailable } from '../../../../src/platform/errors.js';
import type { MessageQueue, OutgoingMessage, ReceivedMessage } from '../../../../src/queue/message-queue.js';

/** An empty queue, and a switch that keeps every call from reaching it. */
export interface QueueUnderTest {
  queue: MessageQueue;
  setOutage: (away: boolean) => void;
}

const messages = (count: number): OutgoingMessage[] =>
  Array.from({ length: count }, (_, index) => ({ body: `body ${index}`, deduplicationId: `d${index}` }));

const receive = (queue: MessageQueue, maxMessages = 10): Promise<ReceivedMessage[]> =>
  queue.receive({ maxMessages, maxWaitSeconds: 2, visibilityTimeoutSeconds: 600, returnWhenEmpty: true });

const receiptsOf = (received: readonly ReceivedMessage[]): string[] =>
  received.map(({ receiptHandle }) => receiptHandle);

const nothing = { lost: [], failed: [] };

/**
 * What everything that is passed as a {@link MessageQueue} does: the queue on SQS, and the fake that unit tests
 * trust to do the same.
 */
export function describeMessageQueue(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`${name} as a message queue`, () => {
    let queue: MessageQueue;
    let setOutage: QueueUnderTest['setOutage'];
    beforeEach(async () => {
      ({ queue, setOutage } = await open());
    });

    async function holding(count: number): Promise<ReceivedMessage[]> {
      await queue.send(messages(count));
      return receive(queue, count);
    }

    it('gives out each message once, and no more until it is given back', async () => {
      expect(await queue.send(messages(3))).toEqual({ sent: 3, failed: [] });
      const arrived: string[] = [];
      const received = await queue.receive({
        maxMessages: 3,
        maxWaitSeconds: 2,
        visibilityTimeoutSeconds: 600,
        onArrival: (some) => arrived.push(...some.map(({ messageId }) => messageId)),
      });
      expect(received.map(({ body }) => body).sort()).toEqual(['body 0', 'body 1', 'body 2']);
      expect(received.map(({ messageId }) => messageId).sort()).toEqual(arrived.sort());
      expect(await receive(queue)).toEqual([]);
      expect(await queue.depth()).toEqual({ visible: 0, in_flight: 3, delayed: 0 });
    });

    it('gives a message that was given back out again, under a new receipt', async () => {
      const [first] = await holding(1);
      const back = [{ receiptHandle: first!.receiptHandle, seconds: 0 }];
      expect(await queue.changeVisibility(back)).toEqual(nothing);
      const [second] = await receive(queue);
      expect(second).toMatchObject({ messageId: first!.messageId, body: first!.body, receiveCount: 2 });
      expect(second!.receiptHandle).not.toBe(first!.receiptHandle);
      expect(await queue.changeVisibility(back)).toEqual({ lost: receiptsOf([first!]), failed: [] });
    });

    it('keeps a message to its holder when its visibility is extended', async () => {
      const held = await holding(2);
      const extended = receiptsOf(held).map((receiptHandle) => ({ receiptHandle, seconds: 900 }));
      expect(await queue.changeVisibility(extended)).toEqual(nothing);
      expect(await receive(queue)).toEqual([]);
    });

    it('deletes for good, and says of a deleted message that its receipt is lost', async () => {
      const held = await holding(2);
      expect(await queue.delete(receiptsOf(held))).toEqual(nothing);
      expect(await queue.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });
      const [gone] = receiptsOf(held);
      expect(await queue.changeVisibility([{ receiptHandle: gone!, seconds: 0 }])).toEqual({
        lost: [gone],
        failed: [],
      });
    });

    it('says in an outage of every receipt that its call failed, and throws nothing', async () => {
      const receipts = receiptsOf(await holding(12));
      setOutage(true);
      expect(await queue.delete(receipts)).toEqual({ lost: [], failed: receipts });
      const extensions = receipts.map((receiptHandle) => ({ receiptHandle, seconds: 0 }));
      expect(await queue.changeVisibility(extensions)).toEqual({ lost: [], failed: receipts });
      setOutage(false);
      expect(await queue.depth()).toMatchObject({ in_flight: 12 });
      expect(await queue.delete(receipts)).toEqual(nothing);
    });

    it('says in an outage of every message that it was not sent', async () => {
      setOutage(true);
      const report = await queue.send(messages(2));
      expect(report.sent).toBe(0);
      expect(report.failed.map(({ index }) => index)).toEqual([0, 1]);
      setOutage(false);
      expect(await receive(queue)).toEqual([]);
    });

    it('throws in an outage where there is nothing to report entry by entry', async () => {
      await queue.send(messages(1));
      setOutage(true);
      await expect(receive(queue)).rejects.toThrow(DependencyUnavailable);
      await expect(queue.depth()).rejects.toThrow(DependencyUnavailable);
      await expect(queue.ping()).rejects.toThrow(DependencyUnavailable);
      setOutage(false);
      expect(await receive(queue)).toHaveLength(1);
    });
  });
}
