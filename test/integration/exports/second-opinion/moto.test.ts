import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SQSClient } from '@aws-sdk/client-sqs';
import { recordingLogger } from '#vachan/platform/logging/recording-logger.js';
import { createConsumer, type ConsumeOptions } from '#vachan/queue/consume.js';
import type { ConsumedMessage } from '#vachan/queue/consumed-message.js';
import { createSqsQueue } from '#vachan/queue/sqs-queue.js';
import { entry, file, job } from '#tools/exports/seeded-job.js';
import { awsClientOptions, createQueueWithDeadLetters } from '#tools/stack/aws.js';
import { exportsEndpoints, freshName } from '../../embedded-stack.js';
import { createExportsInstallation } from '../chain/exports-installation.js';
import { metadataInTable } from '../metadata/metadata-in-table.js';
import { startMoto, type MotoServer } from './moto-server.js';
import { until } from '../../../until.js';

/** The first run installs it from PyPI. */
const FIRST_RUN_MS = 600_000;
const STORY_MS = 180_000;

let moto: MotoServer;
beforeAll(async () => {
  moto = await startMoto(exportsEndpoints().store.region);
}, FIRST_RUN_MS);
afterAll(() => moto.stop());

describe('metadata in a DynamoDB table of moto', () =>
  metadataInTable(() => Promise.resolve({ connection: moto.connection, stop: () => Promise.resolve() })));

test(
  'a program in Python sends the message, writes the metadata, and reads the result',
  async () => {
    const exports = await createExportsInstallation();
    try {
      exports.process('all', { AWS_ENDPOINT_URL_DYNAMODB: moto.connection.endpointUrl });
      const exportId = freshName('python');
      const made = job('python', exportId, [
        file('a', [entry('a.txt', 500)]),
        file('b', [entry('b.txt', 500)]),
      ]);
      exports.api.add({ id: exportId, files: made.files });
      const { store, sqs, jobs, bucket, statePrefix, table } = exports.endpoints;
      const told = {
        ...{ dynamo: moto.connection.endpointUrl, store: store.endpointUrl, sqs: sqs.endpointUrl },
        ...{ queue: jobs.queueUrl, bucket, statePrefix, table, exportId },
        ...{ names: ['a.txt', 'b.txt'], size: 500 },
      };
      const { stdout } = await promisify(execFile)(
        moto.python,
        [join(__dirname, 'export_with_boto3.py'), JSON.stringify(told)],
        { env: { ...process.env, ...exports.env, AWS_DEFAULT_REGION: store.region } },
      );
      expect(JSON.parse(stdout)).toEqual({ state: 'succeeded', uploaded: 2, manifest: ['a.txt', 'b.txt'] });
    } finally {
      await exports.close();
    }
  },
  STORY_MS,
);

test(
  'a receive that SQS ends after twelve hours is over for who holds the message, and another one has it',
  async () => {
    const sqs = new SQSClient(awsClientOptions(moto.connection));
    const shape = { name: freshName('held'), visibilityTimeoutSeconds: 3, maxReceiveCount: 10, fifo: false };
    const { queueUrl } = await createQueueWithDeadLetters(sqs, shape);
    const queue = createSqsQueue({ client: sqs, url: queueUrl });
    const holder = (handle: ConsumeOptions<string>['handle']) =>
      createConsumer<string>({
        queues: [{ queue, weight: 1 }],
        ...{ places: 1, visibilityTimeoutSeconds: 3, yieldAfterSeconds: 11 * 3600, shutdownGraceSeconds: 1 },
        read: ({ body }) => ({ ok: true, message: body }),
        handle,
        findDeadLetters: () => Promise.resolve(undefined),
        log: recordingLogger(),
      });
    let first: ConsumedMessage<string> | undefined;
    let second: ConsumedMessage<string> | undefined;
    const before = holder(async (consumed) => {
      first = consumed;
      await new Promise((resolve) => consumed.signal.addEventListener('abort', resolve));
      return { message: 'release', delaySeconds: 0, outcome: 'lost' };
    });
    const after = holder((consumed) => {
      second = consumed;
      return Promise.resolve({ message: 'delete', outcome: 'done' });
    });
    await queue.send([{ body: 'hello', deduplicationId: 'hello' }]);
    before.start();
    await until(() => first);
    expect(first!.isLive()).toBe(true);
    moto.passHours(12);
    after.start();
    await until(() => (first!.signal.aborted && second !== undefined ? true : undefined));
    expect(first!.isLive()).toBe(false);
    expect(second!.received.receiveCount).toBe(2);
    await Promise.all([before.close(), after.close()]);
    expect(await queue.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });
    sqs.destroy();
  },
  STORY_MS,
);
