import { parseMessage, type RecordingMessage } from '../contract/message.js';
import type { ReceivedMessage } from './message-queue.js';

/** SQS lets 1 MiB through; a row's message has about 1 KB, so that anything near this is no row. */
export const MAX_BODY_BYTES = 256 * 1024;

/** A body with everything wrong would otherwise write a page into the log. */
const MAX_REASON_CHARACTERS = 500;

export interface BatchItem {
  received: ReceivedMessage;
  message: RecordingMessage;
}

export interface MalformedMessage {
  messageId: string;
  receiveCount: number;
  /** Fields and expectations, never a value. */
  reason: string;
}

export interface ParsedBatch {
  items: BatchItem[];
  malformed: MalformedMessage[];
}

/** Sorts received messages into those that fulfil the contract and those that never will. Never throws. */
export function parseBatch(received: readonly ReceivedMessage[]): ParsedBatch {
  const batch: ParsedBatch = { items: [], malformed: [] };
  for (const entry of received) {
    const outcome = parseBody(entry.body);
    if (typeof outcome === 'string') {
      const reason = outcome.slice(0, MAX_REASON_CHARACTERS);
      batch.malformed.push({ messageId: entry.messageId, receiveCount: entry.receiveCount, reason });
    } else {
      batch.items.push({ received: entry, message: outcome });
    }
  }
  return batch;
}

/** The message, or why it is none. */
function parseBody(body: string): RecordingMessage | string {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_BODY_BYTES) return `body: ${bytes} bytes, at most ${MAX_BODY_BYTES} are read`;
  try {
    const parsed = parseMessage(body);
    return parsed.ok ? parsed.message : parsed.reason;
  } catch {
    // A body built to exhaust the parser's stack must not take the batch with it.
    return 'body: cannot be read';
  }
}
