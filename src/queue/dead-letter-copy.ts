import type { OutgoingAttribute, OutgoingMessage, ReceivedMessage } from './message-queue.js';

/** SQS's bound; a message that has as many already goes without ours, and its reason stands in the log alone. */
const MOST_ATTRIBUTES = 10;

/** Under which a dead-letter message tells as what it was known before. */
export const DEAD_LETTER_MESSAGE_ID = 'vachan_message_id';

/** A message as it goes to the dead-letter queue by our own hand: with its attributes, and why. */
export function deadLetterCopy(
  { messageId, body, attributes = {} }: Pick<ReceivedMessage, 'messageId' | 'body' | 'attributes'>,
  why: Readonly<Record<string, string>>,
): OutgoingMessage {
  const added: Record<string, OutgoingAttribute> = {
    ...attributes,
    ...why,
    [DEAD_LETTER_MESSAGE_ID]: messageId,
  };
  return {
    body,
    attributes: Object.keys(added).length <= MOST_ATTRIBUTES ? added : { ...attributes },
    // Delivered again before it was deleted, it is the same message to a FIFO queue.
    deduplicationId: `malformed-${messageId}`,
    groupId: messageId,
  };
}
