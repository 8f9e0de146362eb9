// A worker whose activities do nothing, in a process of its own, so that what remains is Temporal's share.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);
const { DefaultLogger, NativeConnection, Runtime, Worker } = require('@temporalio/worker');
const { noOutcomes } = require('#vachan/pipelines/recordings/contract/outcome.js');
const { inferenceTaskQueue } = require('#vachan/pipelines/recordings/contract/names.js');

const { address, taskQueue, batches, batchSize, lanes } = JSON.parse(process.argv[2]);
const hostQueue = `${taskQueue}-host`;
let waiting = batches * batchSize;

const stage = () => Promise.resolve({ remaining: batchSize });
const activities = {
  prepareIngest: ({ queue_url }) =>
    Promise.resolve({
      queue_url,
      empty_confirm_seconds: 1,
      max_concurrency: lanes,
      batch_size: batchSize,
      until_empty: true,
      history_event_limit: null,
    }),
  measureBacklog: () => Promise.resolve({ visible: waiting, in_flight: 0, delayed: 0, inference_workers: 1 }),
  receiveBatch: () => {
    const received = Math.min(batchSize, waiting);
    waiting -= received;
    return Promise.resolve({ host_task_queue: hostQueue, received, malformed: 0, joins_stages: true });
  },
  scoreBatch: () =>
    Promise.resolve({
      remaining: batchSize,
      timings_ms: { screen: 0, download: 0, features: 0, inference: 0 },
    }),
  upsertResults: stage,
  acknowledge: () => Promise.resolve({ outcomes: { ...noOutcomes(), completed: batchSize }, returned: 0 }),
  releaseBatch: () => Promise.resolve(),
};

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
const connection = await NativeConnection.connect({ address });
const create = (queue, more = {}) => Worker.create({ connection, taskQueue: queue, activities, ...more });
const workers = await Promise.all([
  create(taskQueue, { workflowBundle: { codePath: join(root, 'dist', 'workflow-bundle.js') } }),
  create(inferenceTaskQueue(taskQueue)),
  create(hostQueue),
]);
process.once('SIGTERM', () => workers.forEach((worker) => worker.shutdown()));
await Promise.all(workers.map((worker) => worker.run()));
await connection.close();
