import { join } from 'node:path';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { projectRoot, type Environment } from './folders.js';
import { spawnGuarded } from './guarded-process.js';
import { startServer } from './server-start.js';
import type { PartOptions, StackPart } from './stack-part.js';

const START_TIMEOUT_SECONDS = 20;
const HEALTH_TIMEOUT_MS = 1000;
/** A batch takes seconds; the worker's lease extends it when it takes longer. */
const QUEUE_VISIBILITY_TIMEOUT_SECONDS = 30;
/** Three deliveries before the dead-letter queue: enough to see growing delays, few enough for a demo. Spot hosts need ten. */
export const STACK_MAX_RECEIVE_COUNT = 3;

/** Any credentials are accepted; these look like what they are. */
export const FAKE_AWS_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * fauxqs is an ES module without a CommonJS entry, and its own launcher listens on every interface. Its queue URLs
 * would start with sqs.<region>.localhost, a name that many systems cannot resolve: without a host of its own the
 * store answers with the address that the client used. And it moves messages whose visibility or delay has run out only
 * while somebody receives, so that a backlog that is only measured would never show them again.
 */
const SERVER_SCRIPT = `
import { buildApp } from 'fauxqs';
const inside = (path) => import(new URL(path, import.meta.resolve('fauxqs')));
const [{ SqsStore }, { SnsStore }, { S3Store }] = await Promise.all(
  ['./sqs/sqsStore.js', './sns/snsStore.js', './s3/s3Store.js'].map(inside),
);
const sqsStore = new SqsStore();
sqsStore.host = '';
const stores = { sqsStore, snsStore: new SnsStore(), s3Store: new S3Store() };
const app = buildApp({ logger: false, defaultRegion: process.env.AWS_REGION, stores });
await app.listen({ port: Number(process.argv[1]), host: '127.0.0.1' });
setInterval(() => sqsStore.processAllTimers(), 100);
`;

export interface AwsEndpoints {
  endpointUrl: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  queueUrl: string;
  deadLetterQueueUrl: string;
  bucket: string;
}

export const awsRegion = (environment: Environment): string => environment['AWS_REGION'] ?? 'ap-south-1';

/** SQS and S3: those at `AWS_ENDPOINT_URL`, or fauxqs in a process of its own; with queue, DLQ and bucket made. */
export async function startAws(options: PartOptions): Promise<StackPart<AwsEndpoints>> {
  const { environment, folder } = options;
  const region = awsRegion(environment);
  const configured = environment['AWS_ENDPOINT_URL'];
  if (configured !== undefined && configured !== '') {
    const credentials = {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? FAKE_AWS_CREDENTIALS.accessKeyId,
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? FAKE_AWS_CREDENTIALS.secretAccessKey,
    };
    const connection = { endpointUrl: configured, region, ...credentials };
    return {
      how: 'AWS_ENDPOINT_URL',
      endpoints: { ...connection, ...(await createResources(connection)) },
      stop: () => Promise.resolve(),
    };
  }
  const { process: server, ports } = await startServer({
    ports: 1,
    startTimeoutSeconds: START_TIMEOUT_SECONDS,
    launch: ([port]) =>
      spawnGuarded({
        name: 'fauxqs',
        command: process.execPath,
        args: ['--input-type=module', '--eval', SERVER_SCRIPT, String(port)],
        logFile: join(folder, 'fauxqs.log'),
        env: { ...environment, AWS_REGION: region, NODE_OPTIONS: undefined },
        cwd: projectRoot(),
      }),
    probe: async ([port]) => {
      const answer = await fetch(`http://127.0.0.1:${port}/health`, {
        signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
      });
      if (!answer.ok) throw new Error(`health answered ${answer.status}`);
    },
  });
  const connection = { endpointUrl: `http://127.0.0.1:${ports[0]}`, region, ...FAKE_AWS_CREDENTIALS };
  return {
    how: 'npm fauxqs',
    endpoints: { ...connection, ...(await createResources(connection)) },
    stop: () => server.stop(),
  };
}

/** What an AWS client needs to reach the stack. */
export type AwsConnection = Pick<AwsEndpoints, 'endpointUrl' | 'region' | 'accessKeyId' | 'secretAccessKey'>;

export function awsClientOptions(connection: AwsConnection): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  const { accessKeyId, secretAccessKey } = connection;
  return {
    endpoint: connection.endpointUrl,
    region: connection.region,
    credentials: { accessKeyId, secretAccessKey },
  };
}

async function createResources(
  connection: AwsConnection,
): Promise<Pick<AwsEndpoints, 'queueUrl' | 'deadLetterQueueUrl' | 'bucket'>> {
  const bucket = 'vachan-recordings';
  const sqs = new SQSClient(awsClientOptions(connection));
  // Path style: names under an address like localhost:4566 do not resolve everywhere.
  const s3 = new S3Client({ ...awsClientOptions(connection), forcePathStyle: true });
  try {
    const [queues] = await Promise.all([
      createQueueWithDeadLetters(sqs, {
        name: 'vachan-recordings',
        visibilityTimeoutSeconds: QUEUE_VISIBILITY_TIMEOUT_SECONDS,
        maxReceiveCount: STACK_MAX_RECEIVE_COUNT,
        fifo: false,
      }),
      s3.send(new HeadBucketCommand({ Bucket: bucket })).catch(async () => {
        await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      }),
    ]);
    return { ...queues, bucket };
  } finally {
    sqs.destroy();
    s3.destroy();
  }
}

export interface QueueShape {
  name: string;
  visibilityTimeoutSeconds: number;
  maxReceiveCount: number;
  fifo: boolean;
}

/** A queue whose messages move to a dead-letter queue of its own after `maxReceiveCount` deliveries. */
export async function createQueueWithDeadLetters(
  sqs: SQSClient,
  shape: QueueShape,
): Promise<{ queueUrl: string; deadLetterQueueUrl: string }> {
  const suffix = shape.fifo ? '.fifo' : '';
  const fifo: Record<string, string> = shape.fifo ? { FifoQueue: 'true' } : {};
  const deadLetters = await sqs.send(
    new CreateQueueCommand({ QueueName: `${shape.name}-dlq${suffix}`, Attributes: fifo }),
  );
  const deadLetterQueueUrl = required(deadLetters.QueueUrl, 'the dead-letter queue');
  const { Attributes: attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const queue = await sqs.send(
    new CreateQueueCommand({
      QueueName: `${shape.name}${suffix}`,
      Attributes: {
        ...fifo,
        VisibilityTimeout: String(shape.visibilityTimeoutSeconds),
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: required(attributes?.['QueueArn'], "the dead-letter queue's ARN"),
          maxReceiveCount: String(shape.maxReceiveCount),
        }),
      },
    }),
  );
  return { queueUrl: required(queue.QueueUrl, 'the queue'), deadLetterQueueUrl };
}

function required(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`The SQS server answered without ${what}.`);
  return value;
}
