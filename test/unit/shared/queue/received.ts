import type { ReceivedMessage } from '../../../../src/queue/message-queue.js';

/** Received messages `m0`, `m1`, … with receipts `m0#1`, …; `delivery` makes newer receipts. */
export function received(count: number, delivery = 1, first = 0): ReceivedMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    messageId: `m${first + index}`,
    receiptHandle: `m${first + index}#${delivery}`,
    body: '{}',
    receiveCount: delivery,
    sentAtMs: 1_760_000_000_000,
  }));
}
