// What orchestration costs: batches whose stages do nothing, on a real Temporal server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { atEnd } from '../cleanup.mjs';
import { ProcessMeter } from '../service/processes.mjs';
import { until } from '../service/service.mjs';
import { startTemporalServer } from '../service/temporal.mjs';
import { printReport } from './report.mjs';

export const options = (command, { wholeNumber }) =>
  command
    .option('--batches <count>', 'batches to conduct', wholeNumber(1))
    .option('--lanes <count>', 'of them at once', wholeNumber(1));

const FULL = { batches: 9_000, lanes: 8 };
const QUICK = { batches: 60, lanes: 4 };
const BATCH_SIZE = 100;
/** Children whose histories are looked at. */
const SAMPLED_CHILDREN = 5;
/** Temporal suggests a fresh history at these, whichever comes first; a run may overshoot by the lanes it lets finish. */
const SUGGESTED = { events: 4_096, bytes: 4 * 1_024 * 1_024 };
const OVERSHOOT = 1.2;

/** @returns `{ok, …}`: ok when every batch was dispatched once and no history outgrew one cycle */
export async function run(root, { quick, batches, lanes }) {
  const plan = { ...(quick ? QUICK : FULL) };
  if (batches !== undefined) plan.batches = batches;
  if (lanes !== undefined) plan.lanes = lanes;
  const { address, client } = await startTemporalServer(root, 'dispatch');
  const taskQueue = `bench-${process.pid}`;
  const worker = spawn(
    process.execPath,
    [
      join(root, 'bench/dispatch/stand-in-worker.mjs'),
      JSON.stringify({ address, taskQueue, batchSize: BATCH_SIZE, ...plan }),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  atEnd(async () => {
    worker.kill('SIGTERM');
    if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
  });
  const meter = new ProcessMeter();
  const started = performance.now();
  const handle = await client.workflow.start('ingestWorkflow', {
    taskQueue,
    workflowId: 'ingest:bench',
    args: [{ queue_url: 'https://sqs.ap-south-1.amazonaws.com/1/bench', until_empty: true }],
  });
  let ended;
  void handle.result().then(
    (summary) => (ended = { summary }),
    (error) => (ended = { error }),
  );
  const { summary, error } = await until(() => ended ?? (worker.exitCode === null ? undefined : {}), {
    meter,
  });
  if (summary === undefined) throw error ?? new Error('The worker ended by itself.');
  const seconds = (performance.now() - started) / 1_000;

  const parents = await histories(client, "WorkflowId = 'ingest:bench'");
  const children = await histories(client, "WorkflowType = 'inferenceWorkflow'", SAMPLED_CHILDREN);
  const sum = (key) => parents.reduce((total, history) => total + history[key], 0);
  const largest = (key) => Math.max(...parents.map((history) => history[key]));
  const cpuSeconds = meter.cpuSeconds();
  const result = {
    ...plan,
    batchSize: BATCH_SIZE,
    dispatched: summary.batches,
    seconds,
    batchesPerSecond: summary.batches / seconds,
    parent: {
      runs: parents.length,
      eventsPerBatch: sum('events') / summary.batches,
      bytesPerBatch: sum('bytes') / summary.batches,
      largest: { events: largest('events'), bytes: largest('bytes') },
    },
    child: {
      events: Math.max(...children.map(({ events }) => events)),
      bytes: Math.max(...children.map(({ bytes }) => bytes)),
    },
    cpuMsPerBatch: Object.fromEntries(
      Object.entries(cpuSeconds).map(([part, spent]) => [part, (1_000 * spent) / summary.batches]),
    ),
    peakRssMb: meter.peakRssMb,
  };
  const ok =
    summary.batches === plan.batches &&
    summary.outcomes.completed === plan.batches * BATCH_SIZE &&
    result.parent.largest.events <= SUGGESTED.events * OVERSHOOT &&
    result.parent.largest.bytes <= SUGGESTED.bytes * OVERSHOOT;
  const judged = { ...result, ok };
  printReport(judged);
  return judged;
}

/** Lengths of the histories that a query finds. */
async function histories(client, query, limit = Infinity) {
  const found = [];
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const { historyLength, historySize } = await client.workflow.getHandle(workflowId, runId).describe();
    found.push({ events: historyLength, bytes: historySize });
    if (found.length === limit) break;
  }
  return found;
}
