import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import { createConsumer, type ConsumeOptions, type Consumer } from '../../../../src/queue/consume.js';
import type { ConsumedMessage } from '../../../../src/queue/consumed-message.js';
import type { ReceivedMessage, ReceiveOptions } from '../../../../src/queue/message-queue.js';
import type { Settlement } from '../../../../src/queue/settle-message.js';
import { fakeQueue, type FakeQueue } from '../activities/fake-queue.js';

/** A fake whose receive waits for a message, as a long poll does. */
export function longPolledQueue(): FakeQueue & {
  arrive(...messages: ReceivedMessage[]): void;
  receives: number;
  /** Of each receive. */
  waits: number[];
} {
  const queue = fakeQueue();
  const receive = queue.receive.bind(queue);
  let wake: () => void = () => undefined;
  const polled = Object.assign(queue, {
    receives: 0,
    waits: [] as number[],
    arrive(...messages: ReceivedMessage[]) {
      queue.waiting.push(...messages);
      wake();
    },
    async receive(options: ReceiveOptions): Promise<ReceivedMessage[]> {
      polled.receives += 1;
      polled.waits.push(options.maxWaitSeconds);
      while (queue.waiting.length === 0 && queue.broken === undefined && options.signal?.aborted !== true) {
        if (options.maxWaitSeconds < 1) return [];
        await new Promise<void>((resolve) => {
          wake = resolve;
          options.signal?.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      return options.signal?.aborted === true ? [] : receive(options);
    },
  });
  return polled;
}

export interface Begun {
  body: string;
  consumed: ConsumedMessage<string>;
  settle: (settlement: Settlement) => void;
  fail: (error: Error) => void;
}

const running: Consumer[] = [];
afterEach(async () => {
  const closing = Promise.all(running.splice(0).map((consumer) => consumer.close()));
  // The tests of its users have a clock of their own.
  await jest.advanceTimersByTimeAsync(10_000);
  await closing;
});

/** A consumer of texts whose handlings the test ends. */
export function consuming(overrides: Partial<ConsumeOptions<string>> = {}) {
  const queue = longPolledQueue();
  const dead = fakeQueue();
  const log = recordingLogger();
  const begun: Begun[] = [];
  const ended: string[] = [];
  const consumer = createConsumer<string>({
    queues: [{ queue, weight: 1 }],
    places: 2,
    visibilityTimeoutSeconds: 30,
    yieldAfterSeconds: 11 * 3600,
    shutdownGraceSeconds: 25,
    read: ({ body }) =>
      body === 'dirt' ? { ok: false, reason: 'body: not JSON' } : { ok: true, message: body },
    handle: (consumed) =>
      new Promise((settle, fail) => {
        // As every handler must: it ends when the message is no longer this process's.
        consumed.signal.addEventListener('abort', () => fail(consumed.signal.reason as Error));
        begun.push({ body: consumed.message, consumed, settle, fail });
      }),
    findDeadLetters: () => Promise.resolve({ queue: dead }),
    onEnded: (_url, outcome) => ended.push(outcome),
    log,
    random: () => 0,
    ...overrides,
  });
  running.push(consumer);
  consumer.start();
  return { queue, dead, log, begun, ended, consumer };
}

let numbered = 0;
export function message(body: string, more: Partial<ReceivedMessage> = {}): ReceivedMessage {
  const messageId = `message-${(numbered += 1)}`;
  return { messageId, receiptHandle: `${messageId}#1`, body, receiveCount: 1, sentAtMs: 1, ...more };
}

/** Lets everything happen that needs no time. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};
