import { SendMessageBatchCommand, type MessageAttributeValue } from '@aws-sdk/client-sqs';
import { inBatches, type EntryFailure } from './entry-batches.js';
import type { OutgoingAttribute, OutgoingMessage, SendReport } from './message-queue.js';
import { callRefusal, isTooLong, MESSAGE_TOO_LARGE, refusalOf } from './send-refusals.js';
import { CALL_ATTEMPTS, callSqs, failUnanswered, toEntryFailures, type SqsSender } from './sqs-calls.js';

/** SQS takes 1 MiB a message and a call since 2025; older regions, queues and emulators took this, and it is ample. */
export const MAX_CALL_BYTES = 256 * 1024;

export interface SendContext {
  client: SqsSender;
  url: string;
  isFifo: boolean;
  /** One group for everything; without it each message has its own. */
  fifoGroupId: string | undefined;
  /** Calls under way at once; a FIFO queue with one group gets 1, so that messages keep their order. */
  concurrency: number;
  signal: AbortSignal | undefined;
  /**
   * Kept by the queue: whether it has ever taken a message, so that one refused by itself can be told from a queue
   * that takes none.
   */
  record: { hasTaken: boolean };
}

interface SizedMessage {
  message: OutgoingMessage;
  bytes: number;
}
type Entries = readonly { index: number; entry: SizedMessage }[];

/**
 * Sends messages in calls of ten within the size limit. A call that SQS refuses as a whole for what an entry of it
 * may be the cause of is made again entry by entry.
 *
 * @throws InvalidInput when the queue does not exist or refuses access
 */
export async function sendMessages(
  context: SendContext,
  messages: readonly OutgoingMessage[],
): Promise<SendReport> {
  const { concurrency, signal, record } = context;
  const sized = messages.map((message, index) => ({
    message,
    index,
    bytes: Buffer.byteLength(message.body) + attributeBytes(message),
  }));
  const sendable = sized.filter(({ bytes }) => bytes <= MAX_CALL_BYTES);
  const tooLarge = sized.filter(({ bytes }) => bytes > MAX_CALL_BYTES);

  const refusedCalls: Error[] = [];
  const failures = await inBatches({
    entries: sendable,
    bytesOf: ({ bytes }) => bytes,
    maxBytesPerCall: MAX_CALL_BYTES,
    concurrency,
    attempts: CALL_ATTEMPTS,
    signal,
    call: (batch) => failUnanswered(batch, () => sendOrSplit(context, batch, refusedCalls)),
  });
  if (failures.length < sendable.length) record.hasTaken = true;
  const isFinal = (failure: EntryFailure): boolean => {
    const of = refusalOf(failure);
    return of === 'message' || (of === 'unclear' && record.hasTaken);
  };
  const [error] = refusedCalls;
  if (error !== undefined && failures.some((failure) => failure.final && !isFinal(failure))) throw error;

  const failed = [
    ...tooLarge.map(({ index, bytes }) => ({
      index,
      code: MESSAGE_TOO_LARGE,
      reason: `the message has ${bytes} bytes, at most ${MAX_CALL_BYTES} can be sent`,
      final: true,
    })),
    ...failures.map((failure) => ({
      index: sendable[failure.index]!.index,
      code: isTooLong(failure) ? MESSAGE_TOO_LARGE : failure.code,
      reason: failure.reason,
      final: isFinal(failure),
    })),
  ];
  return { sent: messages.length - failed.length, failed: failed.sort((a, b) => a.index - b.index) };
}

/** @param refusedCalls gets the error of a call that was refused as a whole */
async function sendOrSplit(
  context: SendContext,
  batch: Entries,
  refusedCalls: Error[],
): Promise<EntryFailure[]> {
  try {
    return await sendCall(context, batch);
  } catch (error) {
    const refusal = callRefusal(error);
    if (refusal === undefined) throw error;
    refusedCalls.push(error as Error);
    if (batch.length === 1) return [{ index: batch[0]!.index, ...refusal }];
  }
  const failures: EntryFailure[] = [];
  // One after the other, since a FIFO queue keeps the order in which they come.
  for (const entry of batch) {
    failures.push(...(await failUnanswered([entry], () => sendOrSplit(context, [entry], refusedCalls))));
  }
  return failures;
}

async function sendCall(
  { client, url, isFifo, fifoGroupId, signal }: SendContext,
  batch: Entries,
): Promise<EntryFailure[]> {
  const command = new SendMessageBatchCommand({
    QueueUrl: url,
    Entries: batch.map(({ index, entry: { message } }) => ({
      Id: String(index),
      MessageBody: message.body,
      ...(hasAttributes(message) && { MessageAttributes: toMessageAttributes(message.attributes) }),
      ...(isFifo && {
        MessageGroupId: fifoGroupId ?? message.groupId ?? message.deduplicationId,
        MessageDeduplicationId: message.deduplicationId,
      }),
    })),
  });
  const answer = await callSqs('SendMessage', url, (options) => client.send(command, options), { signal });
  return toEntryFailures(answer.Failed);
}

type WithAttributes = OutgoingMessage & { attributes: Readonly<Record<string, OutgoingAttribute>> };

function hasAttributes(message: OutgoingMessage): message is WithAttributes {
  return message.attributes !== undefined && Object.keys(message.attributes).length > 0;
}

function toMessageAttributes(
  attributes: Readonly<Record<string, OutgoingAttribute>>,
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typed(value)]));
}

function typed(value: OutgoingAttribute): MessageAttributeValue {
  return typeof value === 'string' ? { DataType: 'String', StringValue: value } : value;
}

/** SQS counts names, types and values of attributes as it counts the body. */
function attributeBytes({ attributes = {} }: OutgoingMessage): number {
  return Object.entries(attributes).reduce((sum, [name, value]) => {
    const { DataType: type = '', StringValue: text = '', BinaryValue: binary } = typed(value);
    return sum + Buffer.byteLength(`${name}${type}${text}`) + (binary?.byteLength ?? 0);
  }, 0);
}
