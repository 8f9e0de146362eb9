import type { MessageQueue } from './message-queue.js';
import {
  sweepDeadLetters,
  type DeadLetter,
  type SweepOptions,
  type SweepReport,
} from './sweep-dead-letters.js';

export interface RedriveOptions extends SweepOptions {
  /** Letters it refuses stay where they are. */
  accept: (letter: DeadLetter) => boolean;
  /** Letters that were first sent after this are left alone: they were redriven a moment ago and failed again. */
  startedAt: Date;
}

export interface RedriveReport extends SweepReport {
  sent: number;
  /** What the queue did not take, by message id; these stay in the dead-letter queue. */
  refused: { messageId: string; reason: string }[];
}

/**
 * Sends dead letters to their queue again. Each is deleted from the dead-letter queue only after the queue has confirmed its copy, so
 * that a redrive that is killed loses nothing; run again it sends a second copy of ten letters at the most, and a
 * recording whose other copy was scored ends as `skipped_existing`.
 *
 * On a FIFO queue a copy has the letter's own id for deduplication, so that a second copy of one letter is dropped and two letters of one
 * recording both arrive, and is a group of its own.
 */
export async function redriveDeadLetters(
  { from, to }: { from: MessageQueue; to: Pick<MessageQueue, 'send'> },
  options: RedriveOptions,
): Promise<RedriveReport> {
  const { accept, startedAt } = options;
  const refused: RedriveReport['refused'] = [];
  let sent = 0;
  const isOld = ({ sentAtMs }: DeadLetter): boolean =>
    sentAtMs === undefined || sentAtMs <= startedAt.getTime();
  const report = await sweepDeadLetters(from, options, async (letters) => {
    const chosen = letters.filter((letter) => isOld(letter) && accept(letter));
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
