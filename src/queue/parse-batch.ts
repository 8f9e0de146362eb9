import {
  parseMessage,
  type ParsedMessage,
  type RecordingMessage,
} from '../pipelines/recordings/contract/message.js';
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

/** Something that AWS itself says: read, and of no further use. */
export interface Notice {
  messageId: string;
  notice: string;
}

export interface ParsedBatch {
  items: BatchItem[];
  malformed: MalformedMessage[];
  notices: Notice[];
}

/** Sorts received messages into those that fulfil the contract and those that never will. Never throws. */
export function parseBatch(received: readonly ReceivedMessage[]): ParsedBatch {
  const batch: ParsedBatch = { items: [], malformed: [], notices: [] };
  for (const entry of received) {
    const { messageId, receiveCount } = entry;
    const parsed = parseBody(entry.body);
    if (parsed.ok) batch.items.push({ received: entry, message: parsed.message });
    else if (parsed.notice !== undefined) batch.notices.push({ messageId, notice: parsed.notice });
    else {
      const reason = parsed.reason.slice(0, MAX_REASON_CHARACTERS);
      batch.malformed.push({ messageId, receiveCount, reason });
    }
  }
  return batch;
}

function parseBody(body: string): ParsedMessage {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_BODY_BYTES) {
    return { ok: false, reason: `body: ${bytes} bytes, at most ${MAX_BODY_BYTES} are read` };
  }
  try {
    return parseMessage(body);
  } catch {
    // A body built to exhaust the parser's stack must not take the batch with it.
    return { ok: false, reason: 'body: cannot be read' };
  }
}
