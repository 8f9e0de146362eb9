import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { InvalidInput } from '../platform/errors.js';
import type { MessageQueue } from './message-queue.js';
import { callSqs, type SqsSender } from './sqs-calls.js';
import { changeVisibility, deleteMessages } from './sqs-receipts.js';
import { receiveMessages } from './sqs-receive.js';
import { sendMessages } from './sqs-send.js';

export interface SqsQueueOptions {
  client: SqsSender;
  url: string;
  /** `MessageGroupId` of everything sent to a FIFO queue; without it each message has its own. */
  fifoGroupId?: string | undefined;
  /** Calls of ten under way at once. @default 8: 10,000 messages are sent in seconds, and sockets stay free */
  maxConcurrentCalls?: number;
}

const DEFAULT_CONCURRENT_CALLS = 8;

/**
 * One SQS queue, standard or FIFO (by its `.fifo` suffix).
 *
 * Every method throws `InvalidInput` when the queue does not exist or access is denied, and `DependencyUnavailable`
 * when SQS does not answer; methods that report entry by entry say so of each entry instead.
 *
 * @throws InvalidInput when the URL is none
 */
export function createSqsQueue(options: SqsQueueOptions): MessageQueue {
  const { client, url, fifoGroupId, maxConcurrentCalls: concurrency = DEFAULT_CONCURRENT_CALLS } = options;
  if (!URL.canParse(url))
    throw new InvalidInput(`queue URL: expected https://<host>/<account>/<name>, got ${url}`);
  const isFifo = url.endsWith('.fifo');
  const keepsOrder = isFifo && fifoGroupId !== undefined;
  const receipts = { client, url, concurrency };
  const background = new Set<Promise<unknown>>();
  const record = { hasTaken: false };

  const readAttributes = async (names: QueueAttributeName[]): Promise<Partial<Record<string, string>>> => {
    const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names });
    const answer = await callSqs('GetQueueAttributes', url, (callOptions) =>
      client.send(command, callOptions),
    );
    return answer.Attributes ?? {};
  };

  return {
    url,
    isFifo,
    send: (messages, signal) =>
      sendMessages(
        { client, url, isFifo, fifoGroupId, concurrency: keepsOrder ? 1 : concurrency, signal, record },
        messages,
      ),
    receive: (receiveOptions) =>
      receiveMessages(
        { client, url, isFifo, giveBack: (entries) => changeVisibility(receipts, entries), background },
        receiveOptions,
      ),
    changeVisibility: (entries) => changeVisibility(receipts, entries),
    delete: (receiptHandles) => deleteMessages(receipts, receiptHandles),
    depth: async () => {
      const found = await readAttributes([
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ]);
      return {
        visible: Number(found['ApproximateNumberOfMessages'] ?? 0),
        in_flight: Number(found['ApproximateNumberOfMessagesNotVisible'] ?? 0),
        delayed: Number(found['ApproximateNumberOfMessagesDelayed'] ?? 0),
      };
    },
    ping: async () => {
      await readAttributes(['QueueArn']);
    },
    idle: async () => {
      while (background.size > 0) await Promise.allSettled(background);
    },
  };
}
