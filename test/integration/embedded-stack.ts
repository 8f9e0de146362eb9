import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientOptions, createQueueWithDeadLetters } from '../../tools/stack/aws.js';
import { createQueues, exportsEnvironment, type ExportsEndpoints } from '../../tools/stack/exports.js';
import {
  createInterviewsResources,
  interviewsEnvironment,
  type InterviewsEndpoints,
} from '../../tools/stack/interviews.js';
import { createSourceTable, type PostgresEndpoints } from '../../tools/stack/postgres.js';
import type { Stack, StackEndpoints } from '../../tools/stack/start-stack.js';
import type { TemporalEndpoints } from '../../tools/stack/temporal-server.js';

/** The run's stack as tests see it; `folder` is removed after the run. */
export type RunningStack = Pick<Stack, 'endpoints' | 'env' | 'exportsEnv'> & { folder: string };

/** The stack that the integration project's set-up has started for this run. */
export function embeddedStack(): RunningStack {
  const handedOver = process.env['VACHAN_TEST_STACK'];
  if (handedOver === undefined) {
    throw new Error('There is no embedded stack: run these tests with `jest --selectProjects integration`.');
  }
  return JSON.parse(handedOver) as RunningStack;
}

function part<K extends keyof StackEndpoints>(name: K): NonNullable<StackEndpoints[K]> {
  const endpoints = embeddedStack().endpoints[name];
  if (endpoints === undefined) throw new Error(`The run's stack was started without ${name}.`);
  return endpoints;
}

/** Address, namespace and Web UI of the run's Temporal server. Use a {@link freshName} as task queue. */
export const temporalEndpoints = (): TemporalEndpoints => part('temporal');

/** A name that nothing else in this run has: lower-case letters, digits and hyphens. */
export const freshName = (prefix = 'test'): string => `${prefix}-${randomUUID().slice(0, 13)}`;

/** An empty folder, removed after the run. */
export const freshFolder = (): string => mkdtempSync(join(embeddedStack().folder, 'test-'));

/** A client of the stack's SQS; destroy it in `afterAll`. */
export const sqsClient = (): SQSClient => new SQSClient(awsClientOptions(part('aws')));

/** A client of the stack's S3; destroy it in `afterAll`. */
export const s3Client = (): S3Client => new S3Client(awsClientOptions(part('aws')));

export interface FreshQueueOptions {
  /** Default 30. */
  visibilityTimeoutSeconds?: number;
  /** Deliveries before a message moves to the dead-letter queue. Default 3. */
  maxReceiveCount?: number;
  /** Default: a standard queue. */
  fifo?: boolean;
}

/** An empty queue with a dead-letter queue of its own. */
export async function freshQueue(
  options: FreshQueueOptions = {},
): Promise<{ queueUrl: string; deadLetterQueueUrl: string }> {
  const sqs = sqsClient();
  try {
    return await createQueueWithDeadLetters(sqs, {
      name: freshName('queue'),
      visibilityTimeoutSeconds: options.visibilityTimeoutSeconds ?? 30,
      maxReceiveCount: options.maxReceiveCount ?? 3,
      fifo: options.fifo ?? false,
    });
  } finally {
    sqs.destroy();
  }
}

/** An empty bucket's name. */
export async function freshBucket(): Promise<string> {
  const bucket = freshName('bucket');
  const s3 = s3Client();
  try {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    return bucket;
  } finally {
    s3.destroy();
  }
}

/** A MongoDB database that nobody else uses; it comes into being with its first document. */
export function freshDatabase(): { uri: string; database: string } {
  return { uri: part('mongo').uri, database: freshName('db') };
}

/** An empty source table, as the contract describes it, in a schema of its own. */
export async function freshPostgresTable(): Promise<PostgresEndpoints> {
  const { dsn, table } = part('postgres');
  const schema = freshName('schema');
  await createSourceTable(dsn, schema, table);
  return { dsn, schema, table };
}

/** S3 and DynamoDB that keep what AWS promises, with the bucket and the metadata table of this run; rows go under a fresh export id. */
export const exportsEndpoints = (): ExportsEndpoints => part('exports');

/** What an installation of exports needs that nobody else uses: its queues, its prefixes, its task queue. */
export async function freshExports(
  options: { maxReceiveCount?: number; visibilityTimeoutSeconds?: number } = {},
): Promise<{ endpoints: ExportsEndpoints; env: Record<string, string> }> {
  const shared = exportsEndpoints();
  const name = freshName('exports');
  const [jobs, tasks] = await createQueues(shared.sqs, name, options);
  const prefixes = { outputPrefix: `${name}/exports`, statePrefix: `${name}/state` };
  const endpoints = { ...shared, jobs, tasks, ...prefixes };
  return {
    endpoints,
    env: {
      ...embeddedStack().exportsEnv,
      ...exportsEnvironment(endpoints),
      TASK_QUEUE: name,
    },
  };
}

/** What an installation of interviews needs that nobody else uses: bucket, queue, database, task queue. */
export async function freshInterviews(): Promise<{
  endpoints: InterviewsEndpoints;
  env: Record<string, string>;
}> {
  const name = freshName('interviews');
  const database = { ...part('mongo'), database: name };
  const endpoints = await createInterviewsResources(part('aws'), database, { bucket: name, queue: name });
  const { address, namespace } = temporalEndpoints();
  return {
    endpoints,
    env: {
      ...{ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, TASK_QUEUE: name },
      ...interviewsEnvironment(endpoints),
    },
  };
}
