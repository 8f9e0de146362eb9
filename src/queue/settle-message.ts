import type { Logger } from '../platform/logging/logger.js';
import { fullJitterMs } from '../platform/time/backoff.js';
import { wait } from '../platform/time/wait.js';
import type { LeaseReport } from './batch-lease.js';
import type { Holding } from './consumed-message.js';
import { deadLetterCopy } from './dead-letter-copy.js';
import type { DeadLetterQueue } from './dead-letter-queue.js';
import { retryDelaySeconds } from './retry-delay.js';

/** What becomes of a message when its handler is done; the outcome is counted. */
export type Settlement =
  | { message: 'delete'; outcome: string }
  /** It is redelivered after so many seconds; 0 is at once. */
  | { message: 'release'; delaySeconds: number; outcome: string }
  /** A copy with the reason in its attributes goes to the dead-letter queue. */
  | { message: 'dead-letter'; reason: string; outcome: string };

export interface SettleOptions {
  findDeadLetters: (queueUrl: string) => Promise<Pick<DeadLetterQueue, 'queue'> | undefined>;
  log: Logger;
  random?: () => number;
}

/** While a queue does not take what is settled, it is asked again, and the lease goes on. */
const BACKOFF = { baseMs: 500, maxMs: 15_000 };

/** @returns the outcome: the settlement's, or `lost` where the message is somebody else's by now */
export async function settleMessage(
  holding: Holding,
  settlement: Settlement,
  options: SettleOptions,
): Promise<string> {
  if (settlement.message === 'dead-letter') {
    return settleMessage(holding, await moveToDeadLetters(holding, settlement, options), options);
  }
  const { lease, signal } = holding;
  const { messageId } = holding.received;
  // A function, since the signal changes while awaiting.
  const isLost = (): boolean => signal.aborted;
  for (let attempt = 0; !isLost(); attempt += 1) {
    const report: LeaseReport =
      settlement.message === 'delete'
        ? await lease.acknowledge([messageId])
        : await lease.release([{ messageId, delaySeconds: settlement.delaySeconds }]);
    // Lost meanwhile: a release is then passed over.
    if (report.lost.length > 0 || isLost()) return 'lost';
    if (report.failed.length === 0) return settlement.outcome;
    await wait(fullJitterMs(attempt, BACKOFF, options.random), signal).catch(() => undefined);
  }
  // It is done all the same; with luck nobody does it again.
  if (settlement.message === 'delete') await lease.acknowledge([messageId]);
  return 'lost';
}

/** @returns what is to be done with the message itself: one that could not be moved is kept */
async function moveToDeadLetters(
  { received, queue }: Holding,
  { reason, outcome }: { reason: string; outcome: string },
  { findDeadLetters, log, random }: SettleOptions,
): Promise<Exclude<Settlement, { message: 'dead-letter' }>> {
  const { messageId, receiveCount } = received;
  let moved = false;
  try {
    const dead = await findDeadLetters(queue.url);
    if (dead === undefined) {
      log.error('malformed_not_moved', { messages: 1, reason: `${queue.url} has no dead-letter queue` });
    } else {
      const { failed } = await dead.queue.send([deadLetterCopy(received, { reason })]);
      moved = failed.length === 0;
      if (!moved) log.error('malformed_not_moved', { messages: 1, reason: failed[0]!.code });
    }
  } catch (error) {
    log.error('malformed_not_moved', { messages: 1, error });
  }
  log.warn('message_malformed', {
    message_id: messageId,
    receive_count: receiveCount,
    reason,
    to: moved ? 'dead_letters' : 'kept',
  });
  if (moved) return { message: 'delete', outcome };
  return { message: 'release', delaySeconds: retryDelaySeconds(receiveCount, {}, random), outcome };
}
