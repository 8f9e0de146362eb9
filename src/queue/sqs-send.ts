import { SendMessageBatchCommand, type MessageAttributeValue } from '@aws-sdk/client-sqs';
import { InvalidInput } from '../platform/errors.js';
import { inBatches } from './entry-batches.js';
import type { OutgoingMessage, SendReport } from './message-queue.js';
import { CALL_ATTEMPTS, callSqs, failUnanswered, toEntryFailures, type SqsSender } from './sqs-calls.js';

/** SQS takes 1 MiB a message and a call since 2025; older regions, queues and emulators took this, and it is ample. */
export const MAX_CALL_BYTES = 256 * 1024;

/** The failed entry's code of a message that no call can carry. */
export const MESSAGE_TOO_LARGE = 'MessageTooLarge';

export interface SendContext {
  client: SqsSender;
  url: string;
  isFifo: boolean;
  fifoGroupId: string | undefined;
  /** Calls under way at once; FIFO queues get 1, so that messages keep their order. */
  concurrency: number;
  signal: AbortSignal | undefined;
}

/**
 * Sends messages in calls of ten within the size limit.
 *
 * @throws InvalidInput when a FIFO queue has no group id, does not exist or refuses access
 */
export async function sendMessages(
  context: SendContext,
  messages: readonly OutgoingMessage[],
): Promise<SendReport> {
  const { client, url, isFifo, fifoGroupId, concurrency, signal } = context;
  if (isFifo && fifoGroupId === undefined) {
    throw new InvalidInput(
      `${url} is a FIFO queue, which takes only messages with a group id: set SQS_FIFO_GROUP_ID`,
    );
  }
  const sized = messages.map((message, index) => ({
    message,
    index,
    bytes: Buffer.byteLength(message.body) + attributeBytes(message),
  }));
  const sendable = sized.filter(({ bytes }) => bytes <= MAX_CALL_BYTES);
  const tooLarge = sized.filter(({ bytes }) => bytes > MAX_CALL_BYTES);

  const failures = await inBatches({
    entries: sendable,
    bytesOf: ({ bytes }) => bytes,
    maxBytesPerCall: MAX_CALL_BYTES,
    concurrency,
    attempts: CALL_ATTEMPTS,
    signal,
    call: (batch) =>
      failUnanswered(batch, async () => {
        const command = new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: batch.map(({ index, entry: { message } }) => ({
            Id: String(index),
            MessageBody: message.body,
            ...(hasAttributes(message) && { MessageAttributes: toMessageAttributes(message.attributes) }),
            ...(isFifo && { MessageGroupId: fifoGroupId, MessageDeduplicationId: message.deduplicationId }),
          })),
        });
        const answer = await callSqs('SendMessage', url, (options) => client.send(command, options), {
          signal,
        });
        return toEntryFailures(answer.Failed);
      }),
  });

  const failed = [
    ...tooLarge.map(({ index, bytes }) => ({
      index,
      code: MESSAGE_TOO_LARGE,
      reason: `the message has ${bytes} bytes, at most ${MAX_CALL_BYTES} can be sent`,
    })),
    ...failures.map(({ index, code, reason }) => ({ index: sendable[index]!.index, code, reason })),
  ];
  return { sent: messages.length - failed.length, failed: failed.sort((a, b) => a.index - b.index) };
}

type WithAttributes = OutgoingMessage & { attributes: Readonly<Record<string, string>> };

function hasAttributes(message: OutgoingMessage): message is WithAttributes {
  return message.attributes !== undefined && Object.keys(message.attributes).length > 0;
}

function toMessageAttributes(
  attributes: Readonly<Record<string, string>>,
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

/** SQS counts names, types and values of attributes as it counts the body. */
function attributeBytes({ attributes = {} }: OutgoingMessage): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(`${name}String${value}`),
    0,
  );
}
