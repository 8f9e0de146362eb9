import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  awsClientOptions,
  createQueueWithDeadLetters,
  STACK_MAX_RECEIVE_COUNT,
  type AwsConnection,
  type AwsEndpoints,
} from './aws.js';
import { startMinistack } from './ministack.js';
import type { PartOptions, StackPart } from './stack-part.js';

/** Short enough that what a killed process held comes back while a person watches; a task's lease extends it. */
const VISIBILITY_TIMEOUT_SECONDS = 20;
const TABLE_TIMEOUT_SECONDS = 30;

export const EXPORTS_BUCKET = 'vachan-exports';
export const EXPORTS_TABLE = 'vachan-export-metadata';

export interface QueueEndpoints {
  queueUrl: string;
  deadLetterQueueUrl: string;
}

/** What exports need besides Temporal. */
export interface ExportsEndpoints {
  /** S3 and DynamoDB. */
  store: AwsConnection;
  sqs: AwsConnection;
  jobs: QueueEndpoints;
  tasks: QueueEndpoints;
  bucket: string;
  /** Below the bucket, without slashes around them. */
  outputPrefix: string;
  statePrefix: string;
  table: string;
}

/** S3 and DynamoDB of exports: where the environment names another AWS, there; else ministack. */
export async function startExportsStore(options: PartOptions): Promise<StackPart<{ endpointUrl: string }>> {
  const configured = options.environment['AWS_ENDPOINT_URL'];
  if (configured === undefined || configured === '') return startMinistack(options);
  return { how: 'AWS_ENDPOINT_URL', endpoints: { endpointUrl: configured }, stop: () => Promise.resolve() };
}

/** Queues with their DLQs, the bucket, and the metadata table, where they are missing. */
export async function createExportsResources(
  aws: AwsEndpoints,
  { endpointUrl }: { endpointUrl: string },
): Promise<ExportsEndpoints> {
  const { region, accessKeyId, secretAccessKey } = aws;
  const sqs: AwsConnection = { endpointUrl: aws.endpointUrl, region, accessKeyId, secretAccessKey };
  const store: AwsConnection = { ...sqs, endpointUrl };
  const [jobs, tasks] = await createQueues(sqs, 'vachan');
  await Promise.all([createBucket(store, EXPORTS_BUCKET), createMetadataTable(store, EXPORTS_TABLE)]);
  return {
    ...{ store, sqs, jobs, tasks, bucket: EXPORTS_BUCKET, table: EXPORTS_TABLE },
    ...{ outputPrefix: 'exports', statePrefix: 'state' },
  };
}

/** @param prefix of the names of both queues. @returns those of jobs, then those of tasks */
export async function createQueues(
  connection: AwsConnection,
  prefix: string,
  { maxReceiveCount = STACK_MAX_RECEIVE_COUNT, visibilityTimeoutSeconds = VISIBILITY_TIMEOUT_SECONDS } = {},
): Promise<[QueueEndpoints, QueueEndpoints]> {
  const sqs = new SQSClient(awsClientOptions(connection));
  try {
    const queue = (name: string): Promise<QueueEndpoints> =>
      createQueueWithDeadLetters(sqs, { name, visibilityTimeoutSeconds, maxReceiveCount, fifo: false });
    return await Promise.all([queue(`${prefix}-export-jobs`), queue(`${prefix}-download-tasks`)]);
  } finally {
    sqs.destroy();
  }
}

export async function createBucket(connection: AwsConnection, bucket: string): Promise<void> {
  const s3 = new S3Client({ ...awsClientOptions(connection), forcePathStyle: true });
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket })).catch(async () => {
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    });
  } finally {
    s3.destroy();
  }
}

/** The table that says what each export should hold (export.md, Metadata). */
export async function createMetadataTable(connection: AwsConnection, table: string): Promise<void> {
  const dynamo = new DynamoDBClient(awsClientOptions(connection));
  try {
    await dynamo.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
    await waitUntilTableExists(
      { client: dynamo, maxWaitTime: TABLE_TIMEOUT_SECONDS, minDelay: 1, maxDelay: 1 },
      { TableName: table },
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  } finally {
    dynamo.destroy();
  }
}

/** The settings under which processes of exports use these; Temporal's and the Export API's come besides. */
export function exportsEnvironment(exports: ExportsEndpoints): Record<string, string> {
  const { store, sqs, jobs, tasks, bucket, outputPrefix, statePrefix, table } = exports;
  return {
    AWS_ENDPOINT_URL: store.endpointUrl,
    // The SDK's own variable, where SQS is elsewhere.
    AWS_ENDPOINT_URL_SQS: sqs.endpointUrl,
    AWS_REGION: store.region,
    AWS_ACCESS_KEY_ID: store.accessKeyId,
    AWS_SECRET_ACCESS_KEY: store.secretAccessKey,
    EXPORT_JOBS_QUEUE_URL: jobs.queueUrl,
    DOWNLOAD_TASKS_QUEUE_URL: tasks.queueUrl,
    EXPORT_OUTPUT_PREFIX: `s3://${bucket}/${outputPrefix}`,
    EXPORT_STATE_PREFIX: `s3://${bucket}/${statePrefix}`,
    EXPORT_METADATA_TABLE: table,
  };
}
