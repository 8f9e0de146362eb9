// A whole service for a bench: the embedded stack, workers as `npm run worker` starts them, and clients.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, benchFolder, keep } from '../cleanup.mjs';
import { workerFlags } from '../worker-flags.mjs';

/**
 * Starts the stack under a folder of its own in the project's cache; all of it is gone when the bench ends.
 *
 * @param root the project's folder, already compiled
 * @param postgres whether the source is Postgres
 * @returns `{stack, env, clients, temporal, folder, startWorker(env), readLog(), stop()}`: `stop` for those who go on without it
 */
export async function startService(root, { postgres, name }) {
  const { startStack } = await import('#tools/stack/start-stack.js');
  const { startWorkerProcess, workerEnvironment } = await import('#tools/demo/worker-process.js');
  const { awsClientOptions } = await import('#tools/stack/aws.js');
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  const { MongoClient } = await import('mongodb');
  const { Client, Connection } = await import('@temporalio/client');

  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const folder = benchFolder(root, name);
  const stack = await keep(startStack({ folder, postgres, log: () => undefined }), (started) =>
    started.stop(),
  );
  const { endpoints } = stack;
  const sqs = new SQSClient(awsClientOptions(endpoints.aws));
  const s3 = new S3Client({ ...awsClientOptions(endpoints.aws), forcePathStyle: true });
  const mongo = await MongoClient.connect(endpoints.mongo.uri);
  const connection = await Connection.connect({ address: endpoints.temporal.address });
  const workers = [];
  let stopped;
  const stop = async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await connection.close();
    await mongo.close();
    sqs.destroy();
    s3.destroy();
    await stack.stop();
  };
  const stopOnce = () => (stopped ??= stop());
  atEnd(stopOnce);
  const namespace = endpoints.temporal.namespace;
  const env = { ...stack.env, TASK_QUEUE: `bench-${process.pid}` };
  return {
    stack,
    env,
    folder,
    clients: { sqs, s3, db: mongo.db(env.MONGO_DB_NAME) },
    temporal: new Client({ connection, namespace }),
    /** @param {Record<string, string>} changes @param {string} [of] the project that it is of */
    startWorker(changes, of = root) {
      // More records than a small demo's: the application's own batch size and lanes.
      const settings = { ...workerEnvironment(process.env, env, Number.MAX_SAFE_INTEGER), ...changes };
      const worker = startWorkerProcess(settings, folder, { root: of, flags: workerFlags(of) });
      workers.push(worker);
      return worker;
    },
    readLog: () => readLog(join(folder, 'worker.log')),
    stop: stopOnce,
  };
}

/** The workers' log events, none before the first has started; other lines, such as Temporal's own, are left out. */
function readLog(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line.startsWith('{') ? [JSON.parse(line)] : [];
      } catch {
        return [];
      }
    });
}

/**
 * Polls until `look` gives something, which it then returns; `meter` looks at the processes meanwhile.
 *
 * @param {() => Promise<any> | any} look
 * @param {{everyMs?: number, worker?: {hasExited(): boolean, logTail(): string}, meter?: {look(): void}}} [options]
 */
export async function until(look, { everyMs = 500, worker, meter } = {}) {
  for (;;) {
    meter?.look();
    const found = await look();
    if (found !== undefined) return found;
    if (worker?.hasExited()) throw new Error(`The worker ended by itself:\n${worker.logTail()}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Messages in a queue, whatever their state. */
export async function queueDepth({ sqs }, queueUrl) {
  const { GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const { Attributes: counts } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return ['', 'NotVisible', 'Delayed'].reduce(
    (sum, state) => sum + Number(counts[`ApproximateNumberOfMessages${state}`] ?? 0),
    0,
  );
}
