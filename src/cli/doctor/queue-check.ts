import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { loadSettings } from '../../platform/config/load-settings.js';
import type { Environment } from '../../platform/config/environment.js';
import { findDeadLetterQueue } from '../../queue/dead-letter-queue.js';
import { callSqs } from '../../queue/sqs-calls.js';
import { createSqsClient } from '../../queue/sqs-client.js';
import { createSqsQueue } from '../../queue/sqs-queue.js';
import { ok, problem, warning, type Check, type Finding } from '../../commands/finding.js';
import { BASE_SETTINGS, type BaseSettings } from '../../platform/config/base-settings.js';
import { rolesOf } from '../../platform/config/settings/process-settings.js';
import { pick } from '../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../../pipelines/recordings/settings/index.js';

/** The queue, what this identity may do with it, and where its dead letters go. Nothing is sent or received. */
export function queueCheck(environment: Environment): Check {
  return {
    name: 'SQS queue',
    todo: 'Check SQS_QUEUE_URL, AWS_REGION and the AWS credentials of this process.',
    run: async () => {
      const settings = loadSettings(
        environment,
        pick(BASE_SETTINGS, 'SERVICE_MODE', 'AWS_REGION', 'MALFORMED_MESSAGES'),
        pick(RECORDINGS_SETTINGS, 'SQS_QUEUE_URL', 'SQS_ALLOWED_QUEUE_URLS'),
      );
      const client = createSqsClient({ region: settings.AWS_REGION });
      try {
        const urls = [...new Set([settings.SQS_QUEUE_URL, ...settings.SQS_ALLOWED_QUEUE_URLS])];
        return (await Promise.all(urls.map((url) => queueFindings(client, url, settings)))).flat();
      } finally {
        client.destroy();
      }
    },
  };
}

async function queueFindings(
  client: SQSClient,
  url: string,
  settings: Pick<BaseSettings, 'SERVICE_MODE' | 'MALFORMED_MESSAGES'>,
): Promise<Finding[]> {
  const { visible, in_flight, delayed } = await createSqsQueue({ client, url }).depth();
  const waiting = `${visible} waiting, ${in_flight} being worked on, ${delayed} delayed`;
  return [
    ok('SQS queue', `${url}: ${waiting}`),
    await retentionFinding(client, url),
    await permissionsFinding(client, url, settings.SERVICE_MODE),
    await malformedFinding(client, url, settings),
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
const PROBES: Record<string, (client: SQSClient, url: string) => Promise<unknown>> = {
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

type ServiceMode = BaseSettings['SERVICE_MODE'];

/** What the roles need: neither is to have more (infra/iam). */
const NEEDED = {
  orchestrator: ['sqs:SendMessage'],
  worker: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'],
} as const;

async function permissionsFinding(
  client: SQSClient,
  url: string,
  serviceMode: ServiceMode,
): Promise<Finding> {
  const plays = rolesOf(serviceMode);
  const needed: string[] = [
    ...(plays.orchestrator ? NEEDED.orchestrator : []),
    ...(plays.worker ? NEEDED.worker : []),
  ];
  const denied: string[] = [];
  for (const [permission, probe] of Object.entries(PROBES)) {
    if (!needed.includes(permission)) continue;
    try {
      await probe(client, url);
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

/** Only where a worker is to move what it cannot read; that there is a queue for it is {@link deadLetterFinding}'s to say. */
async function malformedFinding(
  client: SQSClient,
  url: string,
  settings: Pick<BaseSettings, 'SERVICE_MODE' | 'MALFORMED_MESSAGES'>,
): Promise<Finding | undefined> {
  if (settings.MALFORMED_MESSAGES !== 'dead-letter' || !rolesOf(settings.SERVICE_MODE).worker)
    return undefined;
  const found = await findDeadLetterQueue(client, url);
  if (found === undefined) {
    return problem(
      'Malformed messages',
      `MALFORMED_MESSAGES is dead-letter, but ${url} has no dead-letter queue`,
      'Name one in its RedrivePolicy, or set MALFORMED_MESSAGES=delete: workers refuse to start.',
    );
  }
  try {
    await PROBES['sqs:SendMessage']!(client, found.queue.url);
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

/** Fewer deliveries than this turn a host that is restarted into dead letters. */
const LEAST_RECEIVE_COUNT = 3;

async function deadLetterFinding(client: SQSClient, url: string): Promise<Finding> {
  const name = 'Dead letters';
  const found = await findDeadLetterQueue(client, url);
  if (found === undefined) {
    return problem(
      name,
      `${url} has no dead-letter queue: a recording that always fails would come back for ever`,
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
