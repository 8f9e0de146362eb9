import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { MongoClient, type Db } from 'mongodb';
import type { CsvColumn } from '../../../../src/pipelines/recordings/contract/csv-row.js';
import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { insertIntoMongo } from '../../../../tools/demo/mongo-rows.js';
import type { PlannedRow } from '../../../../tools/demo/seed-plan.js';
import { uploadSamples } from '../../../../tools/demo/seed.js';
import type { World } from '../../../../tools/demo/ledger.js';
import { queueDepth, readCsv, readWorld } from '../../../../tools/demo/world.js';
import { loadSettings } from '../../../../src/platform/config/load-settings.js';
import type { QueueDepth } from '../../../../src/contract/backlog.js';
import type { TemporalEndpoints } from '../../../../tools/stack/temporal-server.js';
import { createDataConverter } from '../../../../src/temporal/encryption/data-converter.js';
import {
  embeddedStack,
  freshBucket,
  freshDatabase,
  freshFolder,
  freshName,
  freshQueue,
  s3Client,
  sqsClient,
  temporalEndpoints,
  type FreshQueueOptions,
} from '../../embedded-stack.js';
import { SUBJECT, TEST_DATE } from '../sources/source-documents.js';
import { assertDiscreet, assertWellBehaved } from './discretion.js';
import { awsGate, tcpGate, type AwsGate, type TcpGate } from './gate.js';
import { historyTexts } from './history-text.js';
import { messageFor, samples } from './recordings.js';
import { endLeftWorkers, spawnWorker, type WorkerProcess } from './worker-process.js';
import { BASE_SETTINGS } from '../../../../src/platform/config/base-settings.js';
import { pick } from '../../../../src/platform/config/settings-table.js';

export const SOURCE_COLLECTION = 'student_assessment_record';
export const RESULT_COLLECTION = 'anomaly_detection_results';
export const STATE_COLLECTION = 'anomaly_pipeline_state';

/** An installation of a test's own: queue, bucket, database, CSV file and task queue that nothing else uses. */
export interface Installation {
  /** What a worker needs to work on it; short timeouts, one audio process. */
  readonly env: Readonly<Record<string, string>>;
  readonly taskQueue: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly bucket: string;
  readonly db: Db;
  readonly sqs: SQSClient;
  readonly client: Client;
  readonly csvPath: string;
  /** A way to SQS and S3 that the test can hold up; hand its URL to a worker as AWS_ENDPOINT_URL. */
  awsGate(): Promise<AwsGate>;
  /** The same for MongoDB, as the MONGO_URI of a worker. */
  mongoGate(): Promise<TcpGate & { uri: string }>;
  /** The same for Temporal, as the TEMPORAL_ADDRESS. */
  temporalGate(): Promise<TcpGate & { address: string }>;
  /** Starts a worker and waits until it polls. */
  worker(changes?: Readonly<Record<string, string>>): Promise<WorkerProcess>;
  insert(rows: readonly PlannedRow[]): Promise<void>;
  /** Puts the messages of these rows, or raw bodies, into the queue. */
  send(items: readonly (PlannedRow | string)[]): Promise<void>;
  start(type: string, input: unknown, workflowId?: string): Promise<WorkflowHandle>;
  results(): Promise<ResultDocument[]>;
  csv(): Record<CsvColumn, string>[];
  depth(): Promise<QueueDepth>;
  /** What became of all: results, CSV, queues. */
  world(): Promise<World>;
  /** Stops the workers that are left; each must end well and have kept quiet about children. */
  close(): Promise<void>;
}

const open = new Set<() => Promise<void>>();

/** Lets go of what a failed test has left open, which would keep the test run from ending. */
export async function endLeftInstallations(): Promise<void> {
  await endLeftWorkers();
  await Promise.all([...open].map((letGo) => letGo()));
}

export interface InstallationOptions extends FreshQueueOptions {
  env?: Readonly<Record<string, string>>;
  /** Another Temporal server than the run's. */
  temporal?: Pick<TemporalEndpoints, 'address' | 'namespace'>;
}

/** Makes an installation with the shipped samples in its bucket. */
export async function createInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const [queue, bucket] = await Promise.all([freshQueue(options), freshBucket()]);
  const { uri, database } = freshDatabase();
  const mongo = await MongoClient.connect(uri);
  const { address, namespace } = options.temporal ?? temporalEndpoints();
  const connection = await Connection.connect({ address });
  const keys = loadSettings(
    options.env ?? {},
    pick(BASE_SETTINGS, 'PAYLOAD_ENCRYPTION_KEYS'),
  ).PAYLOAD_ENCRYPTION_KEYS;
  const client = new Client({ connection, namespace, dataConverter: createDataConverter(keys) });
  const sqs = sqsClient();
  const db = mongo.db(database);
  const folder = freshFolder();
  const csvPath = join(folder, 'results.csv');
  const taskQueue = freshName('installation');
  const workers: WorkerProcess[] = [];
  const gates: { close(): Promise<void> }[] = [];
  const kept = <G extends { close(): Promise<void> }>(gate: G): G => {
    gates.push(gate);
    return gate;
  };
  const letGo = async (): Promise<void> => {
    open.delete(letGo);
    await Promise.all(gates.map((gate) => gate.close()));
    await connection.close();
    await mongo.close();
    sqs.destroy();
  };
  open.add(letGo);
  const s3 = s3Client();
  await uploadSamples({ s3, bucket, samplesFolder: samples.folder }).finally(() => s3.destroy());

  const env: Record<string, string> = {
    ...embeddedStack().env,
    TEMPORAL_ADDRESS: address,
    DISCOVERY_SOURCE_TYPE: 'mongo',
    SQS_QUEUE_URL: queue.queueUrl,
    MONGO_URI: uri,
    MONGO_DB_NAME: database,
    CSV_OUTPUT_PATH: csvPath,
    SCRATCH_PATH: join(folder, 'scratch'),
    TASK_QUEUE: taskQueue,
    HEALTH_PORT: '0',
    AUDIO_POOL_SIZE: '1',
    SQS_RETRY_DELAY_SECONDS: '1',
    SQS_RETRY_DELAY_MAX_SECONDS: '1',
    QUEUE_EMPTY_CONFIRM_SECONDS: '1',
    // A poll of a whole second must fit beside the first one.
    MAX_BATCH_WAIT_SECONDS: '2',
    ...options.env,
  };

  return {
    env,
    taskQueue,
    ...queue,
    bucket,
    db,
    sqs,
    client,
    csvPath,
    awsGate: async () => kept(await awsGate(embeddedStack().endpoints.aws.endpointUrl)),
    async mongoGate() {
      const { host, port } = new URL(uri);
      const gate = kept(await tcpGate(Number(port)));
      return { ...gate, uri: uri.replace(host, `127.0.0.1:${gate.port}`) };
    },
    async temporalGate() {
      const gate = kept(await tcpGate(Number(address.split(':').pop())));
      return { ...gate, address: `127.0.0.1:${gate.port}` };
    },
    async worker(changes = {}) {
      const worker = spawnWorker({ ...env, ...changes });
      workers.push(worker);
      await worker.said('worker_started');
      return worker;
    },
    insert: (rows) =>
      insertIntoMongo(db.collection(SOURCE_COLLECTION), {
        testDate: TEST_DATE,
        subjectName: SUBJECT,
        rows: [...rows],
        malformed: [],
      }),
    send: (items) =>
      sendAll(
        sqs,
        queue.queueUrl,
        items.map((item) =>
          typeof item === 'string' ? item : JSON.stringify(messageFor(item, SOURCE_COLLECTION)),
        ),
      ),
    start: (type, input, workflowId = freshName('run')) =>
      client.workflow.start(type, { taskQueue, workflowId, args: [input] }),
    results: () => db.collection<ResultDocument>(RESULT_COLLECTION).find().toArray(),
    csv: () => (existsSync(csvPath) ? readCsv(readFileSync(csvPath, 'utf8')) : []),
    depth: () => queueDepth(sqs, queue.queueUrl),
    world: () =>
      readWorld({ sqs, ...queue, db, resultCollection: RESULT_COLLECTION, testDate: TEST_DATE, csvPath }),
    async close() {
      const endings = await Promise.all(workers.map((worker) => worker.stop()));
      const histories = await historyTexts(client, taskQueue);
      await letGo();
      assertDiscreet(histories);
      workers.forEach((worker, index) => assertWellBehaved(worker, endings[index]));
    },
  };
}

async function sendAll(sqs: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  for (let start = 0; start < bodies.length; start += 10) {
    const { Failed: failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: bodies
          .slice(start, start + 10)
          .map((body, index) => ({ Id: String(index), MessageBody: body })),
      }),
    );
    if (failed.length > 0) throw new Error(`SQS refused ${failed.length} messages.`);
  }
}
