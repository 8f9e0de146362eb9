import { DependencyUnavailable } from '../../../../platform/errors.js';
import type { MessageQueue } from '../../../../queue/message-queue.js';

/** A message to send, and the line it comes from. */
export interface LineMessage {
  line: number;
  body: string;
  deduplicationId: string;
  groupId: string;
}

/** A line that was not sent, and why. */
export interface LineProblem {
  line: number;
  problem: string;
}

export interface SendTotals {
  sent: number;
  /** Refused by SQS after the retries. */
  refused: LineProblem[];
}

/** Sent together: enough for the queue's parallel calls, few enough to be held in memory. */
const CHUNK = 500;

/**
 * Sends messages as they come, in chunks.
 *
 * @throws DependencyUnavailable when nothing of a chunk went through: the next would fare no better
 */
export async function sendMessages(
  messages: Iterable<LineMessage> | AsyncIterable<LineMessage>,
  queue: Pick<MessageQueue, 'send'>,
): Promise<SendTotals> {
  const totals: SendTotals = { sent: 0, refused: [] };
  let chunk: LineMessage[] = [];
  const flush = async (): Promise<void> => {
    if (chunk.length === 0) return;
    const report = await queue.send(
      chunk.map(({ body, deduplicationId, groupId }) => ({ body, deduplicationId, groupId })),
    );
    totals.sent += report.sent;
    const first = report.failed.find(({ final }) => !final) ?? report.failed[0];
    if (report.sent === 0 && first !== undefined && !first.final && chunk.length > 1) {
      throw new DependencyUnavailable(
        `Nothing went through from line ${chunk[0]!.line} on; sent before: ${totals.sent}. ${first.reason}`,
      );
    }
    for (const { index, code, reason } of report.failed) {
      totals.refused.push({ line: chunk[index]!.line, problem: `${reason} (${code})` });
    }
    chunk = [];
  };
  for await (const message of messages) {
    chunk.push(message);
    if (chunk.length >= CHUNK) await flush();
  }
  await flush();
  return totals;
}
