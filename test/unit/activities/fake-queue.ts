import type {
  MessageQueue,
  OutgoingMessage,
  ReceiptReport,
  ReceivedMessage,
  ReceiveOptions,
} from '../../../src/queue/message-queue.js';

/** A queue that does as it is told, and remembers what was asked of it. */
export interface FakeQueue extends MessageQueue {
  readonly sent: OutgoingMessage[];
  readonly deleted: string[];
  readonly visibility: { receiptHandle: string; seconds: number }[];
  /** What the next receives bring. */
  waiting: ReceivedMessage[];
  /** Bodies that a send refuses. */
  refuses: (message: OutgoingMessage) => boolean;
  /** Thrown by every call while set. */
  broken: Error | undefined;
}

/** @param journal gets a word for each call that changes something */
export function fakeQueue(journal: string[] = []): FakeQueue {
  const through: ReceiptReport = { lost: [], failed: [] };
  const answer = <T>(value: T): Promise<T> =>
    queue.broken === undefined ? Promise.resolve(value) : Promise.reject(queue.broken);
  const queue: FakeQueue = {
    url: 'https://sqs.example/1/recordings',
    isFifo: false,
    sent: [],
    deleted: [],
    visibility: [],
    waiting: [],
    refuses: () => false,
    broken: undefined,
    send(messages) {
      const accepted = messages.filter((message) => !queue.refuses(message));
      queue.sent.push(...accepted);
      const failed = messages.flatMap((message, index) =>
        queue.refuses(message) ? [{ index, code: 'InternalError', reason: 'try again' }] : [],
      );
      return answer({ sent: accepted.length, failed });
    },
    receive({ maxMessages, onArrival }: ReceiveOptions) {
      const messages = queue.waiting.splice(0, maxMessages);
      if (messages.length > 0) onArrival?.(messages);
      return answer(messages);
    },
    changeVisibility(entries) {
      journal.push('visibility');
      if (queue.broken === undefined) queue.visibility.push(...entries);
      return answer(through);
    },
    delete(receiptHandles) {
      journal.push('delete');
      if (queue.broken === undefined) queue.deleted.push(...receiptHandles);
      return answer(through);
    },
    depth: () => answer({ visible: queue.waiting.length, in_flight: 0, delayed: 0 }),
    ping: () => answer(undefined),
    idle: () => Promise.resolve(),
  };
  return queue;
}
