import type { Logger } from '../../platform/logging/logger.js';
import type { DeadLetterQueue } from '../../queue/dead-letter-queue.js';
import { deadLetterCopy } from '../../queue/dead-letter-copy.js';
import type { ReceivedMessage } from '../../queue/message-queue.js';
import type { MalformedMessage, MessagesRead } from '../../queue/read-messages.js';
import { retryDelaySeconds } from '../../queue/retry-delay.js';
import type { Batch } from './batch.js';

/** What becomes of messages that nothing can be done with; see `MALFORMED_MESSAGES`. */
export interface MalformedRules {
  malformedMessages: 'delete' | 'dead-letter';
  /** The dead-letter queue of a queue; undefined where it has none. */
  findDeadLetters: (queueUrl: string) => Promise<Pick<DeadLetterQueue, 'queue'> | undefined>;
}

/** The attribute that says why a message was moved to the dead-letter queue. */
const MALFORMED_REASON = 'vachan_malformed_reason';

/**
 * Deletes what is malformed, or moves it to the dead-letter queue first: what could not be moved is kept, and
 * redelivered after a delay.
 *
 * @returns how many are settled
 */
export async function settleMalformed(
  batch: Batch,
  received: readonly ReceivedMessage[],
  { malformed, notices }: Pick<MessagesRead<unknown>, 'malformed' | 'notices'>,
  rules: MalformedRules,
  log: Logger,
): Promise<number> {
  for (const { messageId, notice } of notices) log.info('message_ignored', { message_id: messageId, notice });
  const settled =
    rules.malformedMessages === 'delete' || malformed.length === 0
      ? [...malformed]
      : await moveToDeadLetters(batch, received, malformed, rules, log);
  for (const one of malformed) {
    const { messageId, receiveCount, reason } = one;
    const to = settled.includes(one) ? SETTLED_TO[rules.malformedMessages] : 'kept';
    log.warn('message_malformed', { message_id: messageId, receive_count: receiveCount, reason, to });
  }
  const done = [...settled, ...notices].map(({ messageId }) => messageId);
  // Nothing can make these readable; one that cannot be deleted now is redelivered and settled then.
  if (done.length > 0) await batch.lease.acknowledge(done);
  const kept = malformed.filter((one) => !settled.includes(one));
  if (kept.length > 0) {
    await batch.lease.release(
      kept.map(({ messageId, receiveCount }) => ({
        messageId,
        delaySeconds: retryDelaySeconds(receiveCount),
      })),
    );
  }
  return settled.length;
}

const SETTLED_TO = { delete: 'deleted', 'dead-letter': 'dead_letters' } as const;

/** @returns those that the dead-letter queue has taken */
async function moveToDeadLetters(
  { queue }: Batch,
  received: readonly ReceivedMessage[],
  malformed: readonly MalformedMessage[],
  { findDeadLetters }: MalformedRules,
  log: Logger,
): Promise<MalformedMessage[]> {
  const byId = new Map(received.map((message) => [message.messageId, message]));
  try {
    const dead = await findDeadLetters(queue.url);
    if (dead === undefined) {
      log.error('malformed_not_moved', {
        messages: malformed.length,
        reason: `${queue.url} has no dead-letter queue`,
      });
      return [];
    }
    const { failed } = await dead.queue.send(
      malformed.map(({ messageId, reason }) =>
        deadLetterCopy(byId.get(messageId)!, { [MALFORMED_REASON]: reason }),
      ),
    );
    if (failed.length > 0) {
      const codes = [...new Set(failed.map(({ code }) => code))];
      log.error('malformed_not_moved', { messages: failed.length, reason: codes.join(', ') });
    }
    const refused = new Set(failed.map(({ index }) => index));
    return malformed.filter((_, index) => !refused.has(index));
  } catch (error) {
    log.error('malformed_not_moved', { messages: malformed.length, error });
    return [];
  }
}
