import type { ReceivedMessage } from './message-queue.js';

/** SQS lets 1 MiB through; a message that names work has about 1 KB, so anything near this size is something else. */
export const MAX_BODY_BYTES = 256 * 1024;

/** A body with everything wrong would otherwise write a page into the log. */
const MAX_REASON_CHARACTERS = 500;

/** What reading a message brought. */
export type ReadResult<Message> =
  | { ok: true; message: Message; notice?: never }
  /** Fields and expectations, never a value: a malformed body may hold anything. */
  | { ok: false; reason: string; notice?: never }
  /** Nobody's work and nobody's mistake, such as S3's test of a new notification. */
  | { ok: false; notice: string; reason?: never };

/** A pipeline's way to read its messages. */
export type ReadMessage<Message> = (received: ReceivedMessage) => ReadResult<Message>;

export interface MessageRead<Message> {
  received: ReceivedMessage;
  message: Message;
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

export interface MessagesRead<Message> {
  items: MessageRead<Message>[];
  malformed: MalformedMessage[];
  notices: Notice[];
}

/** Sorts received messages into those that can be read and those that never will. Never throws. */
export function readMessages<Message>(
  received: readonly ReceivedMessage[],
  read: ReadMessage<Message>,
): MessagesRead<Message> {
  const sorted: MessagesRead<Message> = { items: [], malformed: [], notices: [] };
  for (const one of received) {
    const { messageId, receiveCount } = one;
    const result = readWithinBounds(one, read);
    if (result.ok) sorted.items.push({ received: one, message: result.message });
    else if (result.notice !== undefined) sorted.notices.push({ messageId, notice: result.notice });
    else {
      const reason = result.reason.slice(0, MAX_REASON_CHARACTERS);
      sorted.malformed.push({ messageId, receiveCount, reason });
    }
  }
  return sorted;
}

function readWithinBounds<Message>(
  received: ReceivedMessage,
  read: ReadMessage<Message>,
): ReadResult<Message> {
  const bytes = Buffer.byteLength(received.body);
  if (bytes > MAX_BODY_BYTES) {
    return { ok: false, reason: `body: ${bytes} bytes, at most ${MAX_BODY_BYTES} are read` };
  }
  try {
    return read(received);
  } catch {
    // A body built to exhaust the parser's stack must not take the batch with it.
    return { ok: false, reason: 'body: cannot be read' };
  }
}
