import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Client, Connection } from '@temporalio/client';
import { jobWorkflowId } from '../../../../src/pipelines/exports/contract/job-ref.js';
import type { ExportResult } from '../../../../src/pipelines/exports/contract/result.js';
import { startExportApi, type ExportApi } from '../../../../tools/export-api/start-export-api.js';
import { zipContent } from '../../../../tools/export-api/zip/zip-content.js';
import { awsClientOptions } from '../../../../tools/stack/aws.js';
import type { ExportsEndpoints } from '../../../../tools/stack/exports.js';
import { freshExports } from '../../embedded-stack.js';
import { endLeftWorkers, spawnWorker } from '../../recordings/pipeline/worker-process.js';
import { until } from '../../../until.js';
import { awsRecorder, type AwsRecorder, type NeededPermission } from '../../shared/security/aws-recorder.js';
import { allowed, compare } from '../../shared/security/role-policy.js';

jest.setTimeout(240_000);

const LARGE_BYTES = 20 * 1024 * 1024;
/** What a short run in which nothing goes wrong does not need: leases to be extended, uploads to be taken up again or given up. */
const WHEN_SOMETHING_FAILS = [
  'sqs:ChangeMessageVisibility',
  's3:ListMultipartUploadParts',
  's3:AbortMultipartUpload',
];

const recorders: AwsRecorder[] = [];
let endpoints: ExportsEndpoints;
let env: Record<string, string>;
let api: ExportApi;
let temporal: Connection;

beforeAll(async () => {
  ({ endpoints, env } = await freshExports());
  api = await startExportApi();
  temporal = await Connection.connect({ address: env['TEMPORAL_ADDRESS']! });
});
afterAll(async () => {
  await endLeftWorkers();
  await Promise.all(recorders.map((one) => one.close()));
  await temporal.close();
  await api.stop();
});

/** A process of a role whose calls of S3, DynamoDB and SQS are written down. */
async function start(mode: 'orchestrator' | 'worker'): Promise<() => NeededPermission[]> {
  const [store, queues] = await Promise.all([
    awsRecorder(endpoints.store.endpointUrl),
    awsRecorder(endpoints.sqs.endpointUrl),
  ]);
  recorders.push(store, queues);
  const process = spawnWorker({
    ...env,
    ...{ PIPELINES: 'exports', SERVICE_MODE: mode, HEALTH_PORT: '0', SHUTDOWN_GRACE_SECONDS: '2' },
    ...{ AWS_ENDPOINT_URL: store.endpointUrl, AWS_ENDPOINT_URL_SQS: queues.endpointUrl },
    ...{ EXPORT_API_URL: api.url, EXPORT_API_TOKEN: api.token, EXPORT_METADATA_GRACE: '1s' },
    EXPORT_PRIVATE_HOSTS: [...new Set([api.url, api.downloadUrl])].map((url) => new URL(url).host).join(','),
  });
  await process.said('worker_started');
  const url = await process.healthUrl();
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  return () => [...store.needed, ...queues.needed];
}

async function send(queueUrl: string, body: unknown): Promise<void> {
  const client = new SQSClient(awsClientOptions(endpoints.sqs));
  await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(body) }));
  client.destroy();
}

async function writeMetadata(exportId: string, sizes: Record<string, number>): Promise<void> {
  const client = new DynamoDBClient(awsClientOptions(endpoints.store));
  const rows = Object.entries(sizes).map(([name, size]) => ({
    PutRequest: {
      Item: { pk: { S: `EXPORT#default#${exportId}` }, sk: { S: name }, size: { N: String(size) } },
    },
  }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [endpoints.table]: rows } }));
  client.destroy();
}

/** Placeholders of infra/iam, as the recorder names resources. */
function names(): Record<string, string> {
  const place = (name: string): string => env[name]!.replace('s3://', '');
  const bucket = place('EXPORT_STATE_PREFIX').split('/')[0]!;
  const folder = (name: string): string => place(name).slice(bucket.length + 1);
  const queue = (url: string): string => url.split('/').at(-1)!;
  return {
    JobsQueueArn: queue(endpoints.jobs.queueUrl),
    JobsDeadLetterQueueArn: queue(endpoints.jobs.deadLetterQueueUrl),
    TasksQueueArn: queue(endpoints.tasks.queueUrl),
    TasksDeadLetterQueueArn: queue(endpoints.tasks.deadLetterQueueUrl),
    OutputArn: place('EXPORT_OUTPUT_PREFIX'),
    StateArn: place('EXPORT_STATE_PREFIX'),
    OutputPrefix: folder('EXPORT_OUTPUT_PREFIX'),
    StatePrefix: folder('EXPORT_STATE_PREFIX'),
    ExportsBucketArn: bucket,
    MetadataTableArn: endpoints.table,
  };
}

test('each role of exports calls what its policy allows and nothing else, and needs all of it', async () => {
  const exportId = `policies-${env['TASK_QUEUE']}`;
  const small = Buffer.from('small');
  const large = { block: Buffer.alloc(1024 * 1024, 'x'), times: LARGE_BYTES / 1024 / 1024 };
  api.add({
    id: exportId,
    files: [
      {
        ...{ id: 'a', name: 'a.zip' },
        content: zipContent([
          { name: 'small', data: small },
          { name: 'large', data: large, method: 'store' },
          { name: 'unknown', data: small },
        ]),
      },
      { id: 'b', name: 'b.zip', ranges: 'none', content: zipContent([{ name: 'spooled', data: small }]) },
    ],
  });
  await writeMetadata(exportId, { small: small.length, large: LARGE_BYTES, spooled: small.length, gone: 1 });
  const [orchestrator, worker] = [await start('orchestrator'), await start('worker')];
  await send(endpoints.jobs.queueUrl, 'no message of ours');
  await send(endpoints.tasks.queueUrl, 'no message of ours');
  await send(endpoints.jobs.queueUrl, { version: 1, export_ids: [exportId] });

  const { workflow } = new Client({ connection: temporal, namespace: env['TEMPORAL_NAMESPACE']! });
  const handle = workflow.getHandle(jobWorkflowId({ source: 'default', export_id: exportId }));
  await until(() =>
    handle.describe().then(
      () => true,
      () => false,
    ),
  );
  const { state, entries } = (await handle.result()) as ExportResult;
  expect({ state, entries }).toMatchObject({
    state: 'partial',
    entries: { uploaded: 3, rejected: 1, missing: 1 },
  });
  const placeholders = names();
  const called = (calls: NeededPermission[], action: string, name: string): boolean =>
    calls.some((call) => call.action === action && call.resource === placeholders[name]);
  await until(
    () =>
      called(orchestrator(), 'sqs:SendMessage', 'JobsDeadLetterQueueArn') &&
      called(worker(), 'sqs:SendMessage', 'TasksDeadLetterQueueArn'),
  );
  const { schedule } = new Client({ connection: temporal, namespace: env['TEMPORAL_NAMESPACE']! });
  for (const sweep of ['sweep-dead-letters', 'sweep-uploads'])
    await schedule.getHandle(`${env['TASK_QUEUE']!}-exports-${sweep}`).trigger();
  await until(
    () =>
      ['JobsDeadLetterQueueArn', 'TasksDeadLetterQueueArn'].every(
        (queue) =>
          called(orchestrator(), 'sqs:ReceiveMessage', queue) &&
          called(orchestrator(), 'sqs:GetQueueAttributes', queue),
      ) && called(worker(), 's3:ListBucketMultipartUploads', 'ExportsBucketArn'),
  );

  const of = (role: string, calls: NeededPermission[]): ReturnType<typeof compare> => {
    const { denied, unused } = compare(allowed(role, placeholders), calls);
    return { denied, unused: unused.filter(({ action }) => !WHEN_SOMETHING_FAILS.includes(action)) };
  };
  expect({
    orchestrator: of('exports-orchestrator', orchestrator()),
    worker: of('exports-worker', worker()),
  }).toEqual({ orchestrator: { denied: [], unused: [] }, worker: { denied: [], unused: [] } });
});
