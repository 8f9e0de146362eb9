// `npm run bench -- elastic`: inference processes 1 → 4 → 1 during a run. How soon is a new one used, how soon is a
// killed one no longer given work? Real processes on the embedded stack; the figures wait for events, never for a clock.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { atEnd, benchFolder, keep } from '../cleanup.mjs';

const require = createRequire(import.meta.url);

const TARGET_SECONDS = { use: 45, dead: 30 };
const BATCH_SIZE = 10;

export async function run(root, { quick }) {
  const { startStack } = require('#tools/stack/start-stack.js');
  const demo = require('#tools/demo/seed-demo.js');
  const { Client, Connection } = require('@temporalio/client');
  const folder = benchFolder(root, 'elastic');
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS_|TEMPORAL_|MONGO_)/.test(name)),
  );
  const stack = await keep(startStack({ folder, environment }), (started) => started.stop());
  const workers = [];
  atEnd(async () => {
    for (const { child } of workers) child.kill('SIGTERM');
    await Promise.all(workers.map(({ ended }) => ended));
  });
  const start = (mode) => {
    const worker = startWorker(root, mode, { ...environment, ...stack.env }, folder);
    workers.push(worker);
    return worker;
  };
  await demo.withStackClients(stack, (clients) => demo.seedDemo(stack, clients, quick ? 2000 : 5000));
  const connection = await Connection.connect({ address: stack.env.TEMPORAL_ADDRESS });
  atEnd(() => connection.close());
  const client = new Client({ connection, namespace: stack.env.TEMPORAL_NAMESPACE });
  await start('orchestrator').said('worker_started');
  const first = start('inference');
  await first.said('worker_started');
  const handle = await client.workflow.start('discoveryWorkflow', {
    taskQueue: 'vachan',
    workflowId: 'elastic',
    args: [{ test_date: demo.DEMO_TEST_DATE, batch_size: BATCH_SIZE, max_concurrency: 1 }],
  });
  await first.said('batch_dispatched');

  const added = [1, 2, 3].map(() => start('inference'));
  const used = await Promise.all(
    added.map(async (worker) => {
      const ready = await worker.said('worker_started');
      const batch = await worker.said('batch_dispatched');
      return { ready: ready.at - worker.startedAt, used: batch.at - ready.at };
    }),
  );
  const lanesAtFour = await until(async () => {
    const { lanes, status } = await handle.query('status');
    return lanes >= 4 || status !== 'running' ? lanes : undefined;
  });
  const lanesAtFourAfter = Date.now() - Math.max(...added.map(({ startedAt }) => startedAt));

  // Each at work, so that there is something to give up; one may still end its batch between the look and the kill.
  await until(() => (added.every((worker) => worker.heldBatches() > 0) ? true : undefined));
  const killedAt = Date.now();
  for (const worker of added) worker.child.kill('SIGKILL');
  const lost = await untilLost(handle, added.length);
  const lostAfter = Date.now() - killedAt;
  await untilLanes(handle, 1);
  const lanesAfter = Date.now() - killedAt;
  const tasks = await tasksFor(
    client,
    added.map(({ hostQueue }) => hostQueue()),
    killedAt,
  );
  await handle.signal('drain');
  await handle.result();

  const seconds = (ms) => Number((ms / 1000).toFixed(1));
  const result = {
    new_workers: used.map(({ ready, used: taken }) => ({
      process_to_ready_seconds: seconds(ready),
      ready_to_first_batch_seconds: seconds(taken),
    })),
    lanes_with_four: lanesAtFour,
    four_lanes_seconds: seconds(lanesAtFourAfter),
    killed: 3,
    hosts_lost: lost,
    last_task_to_a_dead_one_seconds: seconds(tasks.last),
    tasks_to_dead_ones: tasks.count,
    batches_given_up_seconds: seconds(lostAfter),
    one_lane_again_seconds: seconds(lanesAfter),
    targets_seconds: TARGET_SECONDS,
  };
  const slowestUse = Math.max(...result.new_workers.map((one) => one.ready_to_first_batch_seconds));
  console.log(`\n1 → 4 → 1 inference processes, batches of ${BATCH_SIZE}, one lane a process\n`);
  console.table(result.new_workers);
  console.log(`a new worker's first batch, slowest     ${slowestUse} s (at most ${TARGET_SECONDS.use})`);
  console.log(
    `${lanesAtFour} lanes                                 ${result.four_lanes_seconds} s after their start`,
  );
  console.log(
    `last task for a killed worker           ${result.last_task_to_a_dead_one_seconds} s after its end (at most ${TARGET_SECONDS.dead}; ${tasks.count} tasks)`,
  );
  console.log(
    `batches of ${lost} of them given up           ${result.batches_given_up_seconds} s after its end`,
  );
  console.log(`one lane again                          ${result.one_lane_again_seconds} s after its end`);
  return { ok: lost > 0 && lanesAtFour === 4, ...result };
}

/** A worker process and what it has said. */
function startWorker(root, mode, env, folder) {
  const child = spawn(process.execPath, [join(root, 'dist/workers/main.js')], {
    env: {
      ...env,
      ...{ SERVICE_MODE: mode, HEALTH_PORT: '0', AUDIO_POOL_SIZE: '1', MAX_CONCURRENCY: '1' },
      SCRATCH_PATH: join(folder, 'scratch'),
      // Those that are left in the end have nothing to finish that anybody wants.
      SHUTDOWN_GRACE_SECONDS: '2',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const startedAt = Date.now();
  const seen = new Map();
  const waiting = new Map();
  const held = new Set();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = { at: Date.now(), ...JSON.parse(text) };
    if (line.event === 'batch_dispatched') held.add(line.batch_id);
    if (line.event === 'batch_processed') held.delete(line.batch_id);
    if (seen.has(line.event)) return;
    seen.set(line.event, line);
    waiting.get(line.event)?.(line);
  });
  const ended = once(child, 'close');
  return {
    child,
    ended,
    startedAt,
    heldBatches: () => held.size,
    said: (event) =>
      seen.get(event) ??
      Promise.race([
        new Promise((resolve) => waiting.set(event, resolve)),
        ended.then(() => Promise.reject(new Error(`A worker ended before ${event}.`))),
      ]),
    hostQueue: () => `vachan-host-${seen.get('worker_started').host_id}`,
  };
}

async function until(look) {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Fewer are lost when one had just ended its batch: then one lane is left all the same. */
const untilLost = (handle, hosts) =>
  until(async () => {
    const { hosts_lost: lost, lanes } = await handle.query('status');
    return lost >= hosts || lanes <= 1 ? lost : undefined;
  });

const untilLanes = (handle, lanes) =>
  until(async () => ((await handle.query('status')).lanes <= lanes ? true : undefined));

/** Activity tasks that batches put on the queues of dead hosts: how many, and how late the last. */
async function tasksFor(client, hostQueues, sinceMs) {
  const times = [];
  for await (const { workflowId, runId } of client.workflow.list({
    query: `WorkflowType = 'inferenceWorkflow' AND TaskQueue = 'vachan'`,
  })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { eventTime, activityTaskScheduledEventAttributes: task } of events) {
      if (!hostQueues.includes(task?.taskQueue?.name)) continue;
      const at = Number(eventTime.seconds) * 1000 + eventTime.nanos / 1e6;
      if (at > sinceMs) times.push(at - sinceMs);
    }
  }
  return { count: times.length, last: Math.max(0, ...times) };
}
