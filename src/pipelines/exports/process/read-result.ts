import type { ReadResult } from '../../../queue/read-messages.js';
import type { ReadMessage } from '../contract/messages.js';

/** A message of the contract as queues read them. */
export function asReadResult<Message>(read: ReadMessage<Message>): ReadResult<Message> {
  return 'message' in read ? { ok: true, message: read.message } : { ok: false, reason: read.reason };
}
