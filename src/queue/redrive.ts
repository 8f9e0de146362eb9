import type { MessageQueue } from './message-queue.js';
import {
  sweepDeadLetterQueue,
  type DeadLetterMessage,
  type SweepOptions,
  type SweepReport,
} from './sweep-dead-letter-queue.js';

export interface RedriveOptions extends SweepOptions {
  /** Messages it refuses stay where they are. */
  accept: (message: DeadLetterMessage) => boolean;
  /** Messages that were first sent after this are left alone: they were redriven a moment ago and failed again. */
  startedAt: Date;
}

export interface RedriveReport extends SweepReport {
  sent: number;
  /** What the queue did not take, by message id; these stay in the dead-letter queue. */
  refused: { messageId: string; reason: string }[];
}

/**
 * Sends messages of a dead-letter queue to their queue again. Each is deleted from the dead-letter queue only after
 * the queue has confirmed its copy, so that a redrive that is killed loses nothing; run again it sends a second copy
 * of ten messages at the most, which a worker meets as it does any other delivery of the same work.
 *
 * On a FIFO queue a copy has the message's own id for deduplication, so that a second copy of one message is dropped
 * and two messages about one thing both arrive, and is a group of its own.
 */
export async function redriveMessages(
  { from, to }: { from: MessageQueue; to: Pick<MessageQueue, 'send'> },
  options: RedriveOptions,
): Promise<RedriveReport> {
  const { accept, startedAt } = options;
  const refused: RedriveReport['refused'] = [];
  let sent = 0;
  const isOld = ({ sentAtMs }: DeadLetterMessage): boolean =>
    sentAtMs === undefined || sentAtMs <= startedAt.getTime();
  const report = await sweepDeadLetterQueue(from, options, async (messages) => {
    const chosen = messages.filter((message) => isOld(message) && accept(message));
    if (chosen.length === 0) return [];
    const { failed } = await to.send(
      chosen.map(({ messageId, body }) => ({ body, deduplicationId: `redrive-${messageId}` })),
    );
    const reasons = new Map(failed.map(({ index, reason }) => [index, reason]));
    const done = chosen.filter((_, index) => !reasons.has(index));
    for (const [index, reason] of reasons) refused.push({ messageId: chosen[index]!.messageId, reason });
    sent += done.length;
    return done;
  });
  return { ...report, sent, refused };
}
