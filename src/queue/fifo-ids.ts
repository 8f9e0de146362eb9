import { createHash } from 'node:crypto';

/** SQS allows 128 characters for a deduplication id, of which a SHA-256 in hexadecimal as the group has 64. */
const DIGEST_CHARACTERS = 32;

/** What a FIFO queue orders a message by, and by what it takes two for one. */
export interface FifoIds {
  groupId: string;
  deduplicationId: string;
}

/**
 * Ids of one message in one sending.
 *
 * A FIFO queue drops, without a word, whatever has an id that it has taken within five minutes. So the id tells one
 * sending from another: a page that is tried again is deduplicated, while what a second run sends arrives.
 *
 * @param groupId what the message is about, up to 95 characters: one that waits for another try holds up its own
 *   group only
 * @param content what else tells two messages of a group apart, of which the queue must not drop one
 * @param sending one run's workflow run id, or what names one start of a command
 */
export function fifoIds(groupId: string, content: readonly string[], sending: string): FifoIds {
  const digest = createHash('sha256').update(JSON.stringify([sending, ...content]));
  return { groupId, deduplicationId: `${groupId}-${digest.digest('hex').slice(0, DIGEST_CHARACTERS)}` };
}
