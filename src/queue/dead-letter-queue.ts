import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { InvalidInput } from '../platform/errors.js';
import type { MessageQueue } from './message-queue.js';
import { callSqs, type SqsSender } from './sqs-calls.js';
import { createSqsQueue } from './sqs-queue.js';

export interface DeadLetterQueue {
  queue: MessageQueue;
  arn: string;
  /** Deliveries after which SQS moves a message there. */
  maxReceiveCount: number;
}

/**
 * Follows a queue's `RedrivePolicy` to its dead-letter queue.
 *
 * @returns undefined where the queue has none: a message that always fails would then come back forever
 * @throws InvalidInput when a policy is there but unreadable, or points to a queue that does not exist
 */
export async function findDeadLetterQueue(
  client: SqsSender,
  queueUrl: string,
): Promise<DeadLetterQueue | undefined> {
  const attributes = await callSqs('GetQueueAttributes', queueUrl, (options) =>
    client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }),
      options,
    ),
  );
  const policy = attributes.Attributes?.['RedrivePolicy'];
  if (policy === undefined || policy === '') return undefined;
  const { arn, maxReceiveCount } = readPolicy(policy, queueUrl);
  const [, , , , account, name] = arn.split(':');
  if (account === undefined || name === undefined) {
    throw new InvalidInput(
      `RedrivePolicy of ${queueUrl}: deadLetterTargetArn expected arn:…:sqs:…, got ${arn}`,
    );
  }
  const found = await callSqs('GetQueueUrl', arn, (options) =>
    client.send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }), options),
  );
  if (found.QueueUrl === undefined)
    throw new InvalidInput(`dead-letter queue ${arn} of ${queueUrl} has no URL`);
  return { queue: createSqsQueue({ client, url: found.QueueUrl }), arn, maxReceiveCount };
}

function readPolicy(policy: string, queueUrl: string): { arn: string; maxReceiveCount: number } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(policy);
  } catch (cause) {
    throw new InvalidInput(`RedrivePolicy of ${queueUrl} is not JSON`, { cause });
  }
  const { deadLetterTargetArn, maxReceiveCount } = (parsed ?? {}) as Record<string, unknown>;
  if (typeof deadLetterTargetArn !== 'string') {
    throw new InvalidInput(`RedrivePolicy of ${queueUrl} names no deadLetterTargetArn`);
  }
  return { arn: deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}
