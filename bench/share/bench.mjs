// What a queue of its own gives a date: its share of one host's batches beside another queue's backlog.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keep } from '../cleanup.mjs';
import { startTemporalServer } from '../service/temporal.mjs';

export const options = (command, { wholeNumber }) =>
  command
    .option(
      '--batches <count>',
      'of the date on its own queue; the other one has ten times as many',
      wholeNumber(1),
    )
    .option('--concurrency <count>', 'batches that the host takes at once', wholeNumber(1));

const FULL = { batches: 60, concurrency: 4 };
const QUICK = { batches: 10, concurrency: 4 };
const BATCH_SIZE = 100;
/** A stage that takes this long stands for all of a batch's work, so that a slow machine matters little. */
const STAGE_MS = 500;
const OTHERS_BACKLOG = 10;
const OWN = 'https://sqs.ap-south-1.amazonaws.com/1/own';
const OTHER = 'https://sqs.ap-south-1.amazonaws.com/1/other';

/** @returns `{ok, …}`: ok when both queues were scored to the end */
export async function run(root, { quick, batches, concurrency }) {
  const plan = { ...(quick ? QUICK : FULL) };
  if (batches !== undefined) plan.batches = batches;
  if (concurrency !== undefined) plan.concurrency = concurrency;
  const { address, client } = await startTemporalServer(root, 'share');
  const host = await keep(startHost(root, address, plan), (started) => started.stop());
  const ingest = (queueUrl, count) => {
    host.fill(queueUrl, count);
    return client.workflow.execute('ingestWorkflow', {
      taskQueue: host.taskQueue,
      workflowId: `ingest:${queueUrl}:${count}:${Date.now()}`,
      args: [{ queue_url: queueUrl, until_empty: true }],
    });
  };
  const alone = await timed(() => ingest(OWN, plan.batches));
  const other = ingest(OTHER, plan.batches * OTHERS_BACKLOG);
  await host.received(OTHER, plan.concurrency);
  const before = host.done(OTHER);
  const beside = await timed(() => ingest(OWN, plan.batches));
  const othersMeanwhile = host.done(OTHER) - before;
  const { batches: dispatched } = await other;
  const result = {
    ...plan,
    aloneSeconds: alone.seconds,
    besideSeconds: beside.seconds,
    share: plan.batches / (plan.batches + othersMeanwhile),
    ok:
      alone.result.batches >= plan.batches &&
      beside.result.batches >= plan.batches &&
      dispatched >= plan.batches * OTHERS_BACKLOG,
  };
  console.log(
    [
      `${plan.batches} batches on a queue of their own, a host that holds ${plan.concurrency} batches`,
      `  alone                                      ${result.aloneSeconds.toFixed(1)} s`,
      `  beside a backlog ${OTHERS_BACKLOG} times as long           ${result.besideSeconds.toFixed(1)} s`,
      `  its share of the host's batches meanwhile  ${(100 * result.share).toFixed(0)} %`,
    ].join('\n'),
  );
  return result;
}

async function timed(work) {
  const started = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - started) / 1_000 };
}

/** One process in both roles, its slots as in a real worker; its stages only take time. */
async function startHost(root, address, { concurrency }) {
  const require = createRequire(import.meta.url);
  const { DefaultLogger, NativeConnection, Runtime, Worker } = require('@temporalio/worker');
  const { noOutcomes } = require('#vachan/pipelines/recordings/contract/outcome.js');
  const { inferenceTaskQueue } = require('#vachan/pipelines/recordings/contract/names.js');
  const { heldSlots } = require('#vachan/workers/held-slots.js');
  Runtime.install({
    // The bench stops its host itself, before the server.
    shutdownSignals: [],
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const taskQueue = `share-${process.pid}`;
  const hostQueue = `${taskQueue}-host`;
  const waiting = new Map();
  const received = new Map();
  const done = new Map();
  const listeners = new Set();
  const hold = (more) => {
    held.size += more;
    for (const listener of listeners) listener();
  };
  const held = { size: 0, onChange: (listener) => void listeners.add(listener) };
  const queueOf = new Map();
  const add = (counts, key, more) => counts.set(key, (counts.get(key) ?? 0) + more);
  const stage = () => Promise.resolve({ remaining: BATCH_SIZE });
  const activities = {
    prepareIngest: ({ queue_url }) =>
      Promise.resolve({
        ...{ queue_url, empty_confirm_seconds: 1, max_concurrency: concurrency, batch_size: BATCH_SIZE },
        ...{ until_empty: true, history_event_limit: null },
      }),
    measureBacklog: ({ queue_url }) =>
      Promise.resolve({
        ...{ visible: (waiting.get(queue_url) ?? 0) * BATCH_SIZE, in_flight: 0, delayed: 0 },
        inference_workers: 1,
      }),
    receiveBatch: ({ queue_url }, { batch_id }) => {
      if ((waiting.get(queue_url) ?? 0) === 0) {
        return Promise.resolve({ host_task_queue: hostQueue, received: 0, malformed: 0 });
      }
      add(waiting, queue_url, -1);
      add(received, queue_url, 1);
      hold(1);
      queueOf.set(batch_id, queue_url);
      return Promise.resolve({ host_task_queue: hostQueue, received: BATCH_SIZE, malformed: 0 });
    },
    screenBatch: stage,
    downloadAudio: stage,
    extractFeatures: async () => {
      await sleep(STAGE_MS);
      return { remaining: BATCH_SIZE };
    },
    runInference: stage,
    upsertResults: stage,
    acknowledge: ({ batch_id }) => {
      add(done, queueOf.get(batch_id), 1);
      hold(-1);
      return Promise.resolve({ outcomes: { ...noOutcomes(), completed: BATCH_SIZE }, returned: 0 });
    },
    releaseBatch: () => Promise.resolve(),
  };
  const connection = await NativeConnection.connect({ address });
  const create = (queue, more = {}) => Worker.create({ connection, taskQueue: queue, activities, ...more });
  const one = { type: 'fixed-size', numSlots: 1 };
  const workers = await Promise.all([
    create(taskQueue, { workflowBundle: { codePath: join(root, 'dist', 'workflow-bundle.js') } }),
    create(inferenceTaskQueue(taskQueue), {
      tuner: {
        activityTaskSlotSupplier: heldSlots(concurrency, held),
        ...{ workflowTaskSlotSupplier: one, localActivityTaskSlotSupplier: one, nexusTaskSlotSupplier: one },
      },
    }),
    create(hostQueue),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    taskQueue,
    fill: (queueUrl, count) => void waiting.set(queueUrl, count),
    done: (queueUrl) => done.get(queueUrl) ?? 0,
    async received(queueUrl, count) {
      while ((received.get(queueUrl) ?? 0) < count) await sleep(20);
    },
    async stop() {
      workers.forEach((worker) => worker.shutdown());
      await running;
      await connection.close();
    },
  };
}
