import { randomUUID } from 'node:crypto';
import type {
  MessageQueue,
  OutgoingMessage,
  ReceiptReport,
  ReceivedMessage,
  ReceiveOptions,
} from '../../../../src/queue/message-queue.js';

/**
 * A queue in memory that remembers what was asked of it. It does what `message-queue-contract.ts` demands of every
 * queue; only time never passes in it.
 */
export interface FakeQueue extends MessageQueue {
  readonly sent: OutgoingMessage[];
  readonly deleted: string[];
  readonly visibility: { receiptHandle: string; seconds: number }[];
  /** What the next receives bring. */
  waiting: ReceivedMessage[];
  /** Messages that a send refuses for now. */
  refuses: (message: OutgoingMessage) => boolean;
  /** Messages that a send refuses for good. */
  refusesForGood: (message: OutgoingMessage) => boolean;
  /** While set, no call reaches the queue: those that report entry by entry say so, the others throw it. */
  broken: Error | undefined;
  /** Takes messages as given out, whose receipts are good from now on. */
  giveOut(messages: readonly ReceivedMessage[]): void;
}

/** @param journal gets a word for each call that changes something */
export function fakeQueue(journal: string[] = []): FakeQueue {
  const inFlight = new Map<string, ReceivedMessage>();
  const answer = <T>(value: () => T): Promise<T> =>
    queue.broken === undefined ? Promise.resolve(value()) : Promise.reject(queue.broken);

  /** Uses each receipt, unless there is an outage. */
  const withReceipts = (
    receipts: readonly string[],
    use: (message: ReceivedMessage, index: number) => void,
  ): Promise<ReceiptReport> => {
    const report: ReceiptReport = { lost: [], failed: [] };
    receipts.forEach((receipt, index) => {
      const message = inFlight.get(receipt);
      if (queue.broken !== undefined) report.failed.push(receipt);
      else if (message === undefined) report.lost.push(receipt);
      else use(message, index);
    });
    return Promise.resolve(report);
  };

  const queue: FakeQueue = {
    url: 'https://sqs.example/1/recordings',
    isFifo: false,
    sent: [],
    deleted: [],
    visibility: [],
    waiting: [],
    refuses: () => false,
    refusesForGood: () => false,
    broken: undefined,
    giveOut(messages) {
      for (const message of messages) inFlight.set(message.receiptHandle, message);
    },
    send(messages) {
      const code = queue.broken === undefined ? 'InternalError' : 'ECONNREFUSED';
      const isRefused = (message: OutgoingMessage): boolean =>
        queue.broken !== undefined || queue.refuses(message) || queue.refusesForGood(message);
      const accepted = messages.filter((message) => !isRefused(message));
      const failed = messages.flatMap((message, index) =>
        queue.broken === undefined && queue.refusesForGood(message)
          ? [{ index, code: 'InvalidMessageContents', reason: 'characters', final: true }]
          : isRefused(message)
            ? [{ index, code, reason: 'try again', final: false }]
            : [],
      );
      queue.sent.push(...accepted);
      for (const { body } of accepted) {
        const messageId = randomUUID();
        queue.waiting.push(redelivery({ messageId, receiptHandle: '', body, receiveCount: 0, sentAtMs: 0 }));
      }
      return Promise.resolve({ sent: accepted.length, failed });
    },
    receive({ maxMessages, onArrival }: ReceiveOptions) {
      return answer(() => {
        const messages = queue.waiting.splice(0, maxMessages);
        queue.giveOut(messages);
        if (messages.length > 0) onArrival?.(messages);
        return messages;
      });
    },
    changeVisibility(entries) {
      journal.push('visibility');
      return withReceipts(
        entries.map(({ receiptHandle }) => receiptHandle),
        (message, index) => {
          const entry = entries[index]!;
          queue.visibility.push(entry);
          if (entry.seconds > 0) return;
          inFlight.delete(entry.receiptHandle);
          queue.waiting.push(redelivery(message));
        },
      );
    },
    delete(receiptHandles) {
      journal.push('delete');
      return withReceipts(receiptHandles, ({ receiptHandle }) => {
        queue.deleted.push(receiptHandle);
        inFlight.delete(receiptHandle);
      });
    },
    depth: () => answer(() => ({ visible: queue.waiting.length, in_flight: inFlight.size, delayed: 0 })),
    ping: () => answer(() => undefined),
    idle: () => Promise.resolve(),
  };
  return queue;
}

/** The message as its next receive brings it. */
function redelivery(message: ReceivedMessage): ReceivedMessage {
  const receiveCount = message.receiveCount + 1;
  return { ...message, receiveCount, receiptHandle: `${message.messageId}#${receiveCount}` };
}
