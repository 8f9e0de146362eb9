import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { findDeadLetterQueue } from '../../queue/dead-letter-queue.js';
import { callSqs } from '../../queue/sqs-calls.js';
import { createSqsClient } from '../../queue/sqs-client.js';
import { createSqsQueue } from '../../queue/sqs-queue.js';
import { ok, problem, warning, type Check, type Finding } from '../finding.js';

/** What a process needs of a queue. */
export type QueuePermission =
  'sqs:SendMessage' | 'sqs:ReceiveMessage' | 'sqs:ChangeMessageVisibility' | 'sqs:DeleteMessage';

export interface CheckedQueues {
  region: string;
  urls: readonly string[];
  /** Of this process's identity, in the order in which they are shown; it is to have no more. */
  needed: readonly QueuePermission[];
  /** Whether what cannot be read is to be moved to the dead-letter queue. */
  movesMalformed: boolean;
}

/**
 * Queues, what this identity may do with them, and where their dead-letter messages go. Nothing is sent or received.
 *
 * @param todo what to do when a queue does not answer
 * @param queuesOf @throws ConfigurationError
 */
export function queueCheck(todo: string, queuesOf: () => CheckedQueues): Check {
  return {
    name: 'SQS queue',
    todo,
    run: async () => {
      const queues = queuesOf();
      const client = createSqsClient({ region: queues.region });
      try {
        const urls = [...new Set(queues.urls)];
        return (await Promise.all(urls.map((url) => queueFindings(client, url, queues)))).flat();
      } finally {
        client.destroy();
      }
    },
  };
}

async function queueFindings(client: SQSClient, url: string, queues: CheckedQueues): Promise<Finding[]> {
  const { visible, in_flight, delayed } = await createSqsQueue({ client, url }).depth();
  const waiting = `${visible} waiting, ${in_flight} being worked on, ${delayed} delayed`;
  return [
    ok('SQS queue', `${url}: ${waiting}`),
    await retentionFinding(client, url),
    await permissionsFinding(client, url, queues.needed),
    queues.movesMalformed ? await malformedFinding(client, url) : undefined,
    await deadLetterFinding(client, url),
  ].filter((finding) => finding !== undefined);
}

/** A queue that forgets within a day loses what a stopped worker left over a weekend. */
const LEAST_RETENTION_SECONDS = 4 * 24 * 3600;

async function retentionFinding(client: SQSClient, url: string): Promise<Finding | undefined> {
  const { Attributes: attributes } = await callSqs('GetQueueAttributes', url, (options) =>
    client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['MessageRetentionPeriod'] }),
      options,
    ),
  );
  const seconds = Number(attributes?.['MessageRetentionPeriod'] ?? Infinity);
  if (seconds >= LEAST_RETENTION_SECONDS) return undefined;
  return warning(
    'SQS retention',
    `${url} forgets messages after ${(seconds / 3600).toFixed(1)} h`,
    'Set its MessageRetentionPeriod to 14 days (1209600).',
  );
}

/** A receipt that no queue ever gave out. */
const NO_RECEIPT = 'vachan-doctor';

/**
 * Calls that SQS has to refuse as invalid, so that nothing changes; one that is denied instead lacks its permission.
 * SQS checks who calls before it looks at what is asked.
 */
const PROBES: Record<QueuePermission, (client: SQSClient, url: string) => Promise<unknown>> = {
  'sqs:SendMessage': (client, url) =>
    client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] })),
  'sqs:ReceiveMessage': (client, url) =>
    client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 0 })),
  'sqs:ChangeMessageVisibility': (client, url) =>
    client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: NO_RECEIPT, VisibilityTimeout: 0 }),
    ),
  'sqs:DeleteMessage': (client, url) =>
    client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: NO_RECEIPT })),
};

async function permissionsFinding(
  client: SQSClient,
  url: string,
  needed: readonly QueuePermission[],
): Promise<Finding> {
  const denied: string[] = [];
  for (const permission of needed) {
    try {
      await PROBES[permission](client, url);
    } catch (error) {
      if (/AccessDenied|NotAuthorized/i.test((error as Error).name)) denied.push(permission);
    }
  }
  return denied.length === 0
    ? ok('SQS permissions', `not denied on ${url}: ${needed.join(', ')}`)
    : problem(
        'SQS permissions',
        `denied on ${url}: ${denied.join(', ')}`,
        "Grant them to this process's identity.",
      );
}

/** That there is a queue for them is {@link deadLetterFinding}'s to say where nobody needs it. */
async function malformedFinding(client: SQSClient, url: string): Promise<Finding> {
  const found = await findDeadLetterQueue(client, url);
  if (found === undefined) {
    return problem(
      'Malformed messages',
      `what cannot be read is to be kept, but ${url} has no dead-letter queue`,
      'Name one in its RedrivePolicy; without one recordings need MALFORMED_MESSAGES=delete.',
    );
  }
  try {
    await PROBES['sqs:SendMessage'](client, found.queue.url);
  } catch (error) {
    if (/AccessDenied|NotAuthorized/i.test((error as Error).name)) {
      return problem(
        'Malformed messages',
        `sqs:SendMessage is denied on ${found.queue.url}`,
        "Grant it to this process's identity.",
      );
    }
  }
  return ok('Malformed messages', `moved to ${found.queue.url}`);
}

/** Fewer deliveries than this turn a host that is restarted into dead-letter messages. */
const LEAST_RECEIVE_COUNT = 3;

async function deadLetterFinding(client: SQSClient, url: string): Promise<Finding> {
  const name = 'Dead-letter messages';
  const found = await findDeadLetterQueue(client, url);
  if (found === undefined) {
    return problem(
      name,
      `${url} has no dead-letter queue: a message that always fails would be redelivered forever`,
      'Create a queue and name it in a RedrivePolicy, with a maxReceiveCount of 5 or more, and 10 or more where hosts are Spot.',
    );
  }
  const { queue, maxReceiveCount } = found;
  const { visible } = await queue.depth();
  const detail = `${queue.url} after ${maxReceiveCount} deliveries, holds ${visible}`;
  if (maxReceiveCount < LEAST_RECEIVE_COUNT) {
    return warning(
      name,
      detail,
      `Raise maxReceiveCount to ${LEAST_RECEIVE_COUNT} or more, and to 10 where hosts are Spot: a restart costs a delivery.`,
    );
  }
  return ok(name, detail);
}
