import type { MessageQueue, ReceivedMessage } from './message-queue.js';

export interface DeadLetterMessage {
  messageId: string;
  /** Holds personal data: show ids, counts and reasons only. */
  body: string;
  /** Deliveries in its life, looks at the dead-letter queue included. */
  receiveCount: number;
  sentAtMs: number | undefined;
}

export interface SweepOptions {
  /** Look at no more than this many messages. */
  limit: number;
  /** How long a message stays hidden while it is looked at. @default {@link PEEK_VISIBILITY_SECONDS} */
  visibilityTimeoutSeconds?: number;
  signal?: AbortSignal;
}

export interface SweepReport {
  looked: number;
  deleted: number;
  /** SQS did not confirm their deletion: they may show again. */
  notDeleted: number;
}

/**
 * Long enough for a sweep of some ten thousand messages to meet each once; a killed sweep's messages show again after
 * it.
 */
export const PEEK_VISIBILITY_SECONDS = 120;

/** An empty long poll of this length asks all of SQS's servers. */
const POLL_SECONDS = 2;

/** Messages received at once. */
const ROUND = 100;

/** Settled and deleted together: what a kill between the two leaves twice is no more than this. */
const CHUNK = 10;

/** A queue that shows only messages that were met already has been seen. */
const STALE_ROUNDS = 3;

/**
 * Goes through a dead-letter queue once. `settle` gets some messages and answers which of them may be deleted, having
 * done first whatever must be done before; the others are shown again when the sweep ends, also when it ends by an
 * error.
 */
export async function sweepDeadLetterQueue(
  queue: Pick<MessageQueue, 'receive' | 'changeVisibility' | 'delete' | 'depth'>,
  options: SweepOptions,
  settle: (messages: readonly DeadLetterMessage[]) => Promise<readonly DeadLetterMessage[]>,
): Promise<SweepReport> {
  const { limit, visibilityTimeoutSeconds = PEEK_VISIBILITY_SECONDS, signal } = options;
  const report: SweepReport = { looked: 0, deleted: 0, notDeleted: 0 };
  const met = new Set<string>();
  /** Receipts of what is hidden by this sweep and still in the queue. */
  const held = new Map<string, string>();

  const settleAndDelete = async (messages: readonly ReceivedMessage[]): Promise<void> => {
    const done = await settle(messages.map(toDeadLetterMessage));
    const receipts = done.map(({ messageId }) => held.get(messageId)).filter((one) => one !== undefined);
    if (receipts.length === 0) return;
    const { lost, failed } = await queue.delete(receipts);
    for (const { messageId } of done) held.delete(messageId);
    report.deleted += receipts.length - lost.length - failed.length;
    report.notDeleted += lost.length + failed.length;
  };

  // A function, since the signal changes while awaiting.
  const aborted = (): boolean => signal?.aborted === true;

  try {
    let stale = 0;
    while (met.size < limit && stale < STALE_ROUNDS && !aborted()) {
      const wanted = Math.min(ROUND, limit - met.size);
      const arrived = await queue.receive({
        maxMessages: wanted,
        maxWaitSeconds: POLL_SECONDS,
        visibilityTimeoutSeconds,
        returnWhenEmpty: true,
        signal,
      });
      for (const { messageId, receiptHandle } of arrived) held.set(messageId, receiptHandle);
      const fresh = arrived.filter(({ messageId }) => !met.has(messageId));
      for (const { messageId } of fresh) met.add(messageId);
      report.looked += fresh.length;
      stale = fresh.length === 0 ? stale + 1 : 0;
      for (let from = 0; from < fresh.length && !aborted(); from += CHUNK) {
        await settleAndDelete(fresh.slice(from, from + CHUNK));
      }
      // A short round is no proof that this was all: SQS says so by finding nothing and by its counts, which lag.
      if (arrived.length < wanted && (await queue.depth()).visible === 0) break;
    }
    return report;
  } finally {
    // What fails here shows again by itself.
    await queue.changeVisibility([...held.values()].map((receiptHandle) => ({ receiptHandle, seconds: 0 })));
  }
}

function toDeadLetterMessage({
  messageId,
  body,
  receiveCount,
  sentAtMs,
}: ReceivedMessage): DeadLetterMessage {
  return { messageId, body, receiveCount, sentAtMs };
}

/** Looks at up to `limit` messages and puts them back. Each look counts as a delivery of the dead-letter queue. */
export async function peekDeadLetterQueue(
  queue: Pick<MessageQueue, 'receive' | 'changeVisibility' | 'delete' | 'depth'>,
  limit: number,
): Promise<DeadLetterMessage[]> {
  const seen: DeadLetterMessage[] = [];
  await sweepDeadLetterQueue(queue, { limit }, (some) => {
    seen.push(...some);
    return Promise.resolve([]);
  });
  return seen;
}
