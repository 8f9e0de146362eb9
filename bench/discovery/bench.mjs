// Discovery alone: a run's rows from the source into SQS, by an orchestrator without inference workers.
import { Option } from 'commander';
import { ProcessMeter } from '../service/processes.mjs';
import { queueDepth, startService, until } from '../service/service.mjs';
import { printReport } from './report.mjs';
import { seedMongo, seedPostgres, TEST_DATE } from './source-rows.mjs';

const FULL = { postgres: 900_000, mongo: 100_000 };

export const options = (command, { wholeNumber }) =>
  command
    .addOption(
      new Option('--source <source>', 'where the rows are').choices(Object.keys(FULL)).default('postgres'),
    )
    .option('--records <count>', 'rows of the date (900,000 in Postgres, 100,000 in MongoDB)', wholeNumber(1))
    .option('--page <rows>', 'rows a page (DISCOVERY_BATCH_SIZE)', wholeNumber(1), 100);

const QUICK = 2_000;
/** Of all rows: how far the run is when its worker is killed. */
const KILLED_AT = 0.5;
/** Documents passed in a whole backfill, against those of the date. */
const MOST_DOCUMENTS_PER_ROW = 1.2;

/** @returns `{ok, …}`: ok when every row is in the queue, and the killed page's rows at most twice */
export async function run(root, { quick, source, records, page }) {
  const rows = records ?? (quick ? QUICK : FULL[source]);
  const service = await startService(root, { name: 'discovery', postgres: source === 'postgres' });
  const { stack, clients, env, temporal } = service;
  console.log(`Writing ${rows.toLocaleString('en')} rows of ${TEST_DATE} into ${stack.how[source]} …`);
  const seeding = performance.now();
  if (source === 'postgres') await seedPostgres(stack.endpoints.postgres, rows);
  else await seedMongo(clients.db.collection(env.MONGO_SOURCE_COLLECTION), rows);
  console.log(`Written in ${((performance.now() - seeding) / 1_000).toFixed(0)} s. Discovering …`);

  const settings = {
    SERVICE_MODE: 'orchestrator',
    LOG_LEVEL: 'debug',
    DISCOVERY_BATCH_SIZE: String(page),
    ENSURE_SOURCE_INDEXES: 'true',
  };
  const meter = new ProcessMeter();
  const started = performance.now();
  let worker = service.startWorker(settings);
  const handle = await temporal.workflow.start('discoveryWorkflow', {
    taskQueue: env.TASK_QUEUE,
    workflowId: `discovery:${env.MONGO_SOURCE_COLLECTION}:${TEST_DATE}`,
    args: [{ test_date: TEST_DATE, mode: 'backfill', await_queue: false }],
  });
  const progress = [];
  const queued = async () => {
    const depth = await queueDepth(clients, env.SQS_QUEUE_URL);
    progress.push({ rows: depth, cpuSeconds: total(meter.cpuSeconds()) });
    return depth;
  };

  await until(async () => ((await queued()) >= rows * KILLED_AT ? true : undefined), { worker, meter });
  meter.look();
  const killedAt = Date.now();
  await kill(worker);
  worker = service.startWorker(settings);
  let summary;
  void handle.result().then(
    (result) => (summary = result),
    (error) => (summary = { status: `failed: ${error}` }),
  );
  await until(() => queued().then(() => summary), { worker, meter });
  const seconds = (performance.now() - started) / 1_000;

  const pages = pagesOf(service.readLog());
  const depth = await queued();
  const result = {
    source: stack.how[source],
    rows,
    page,
    status: summary.status,
    seconds,
    rowsPerSecond: rows / seconds,
    msPerThousandRows: pace(pages, rows),
    cpuMsPerThousandRows: effort(progress, rows),
    resumedAfterSeconds: (pages.find(({ at }) => at > killedAt).at - killedAt) / 1_000,
    enqueued: summary.discovery?.enqueued,
    inQueue: depth,
    documentsPerRow: pages.reduce((sum, { documents }) => sum + documents, 0) / rows,
    runs: await countRuns(temporal, handle.workflowId),
    cpuSeconds: meter.cpuSeconds(),
    peakRssMb: meter.peakRssMb,
  };
  result.ok =
    summary.status === 'completed' &&
    result.enqueued === rows &&
    depth >= rows &&
    depth - rows <= page &&
    (source !== 'mongo' || result.documentsPerRow <= MOST_DOCUMENTS_PER_ROW);
  printReport(result);
  return result;
}

const total = (parts) => Object.values(parts).reduce((sum, seconds) => sum + seconds, 0);

/**
 * Milliseconds of processor time, of all parts together, that a thousand rows take in the first tenth and in the last: unlike their wall
 * time it does not tell what else the machine was doing. What starting costs (clients, caches) counts in neither.
 */
function effort(progress, rows) {
  const within = (from, to) => {
    const some = progress.filter(({ rows: depth }) => depth >= from * rows && depth <= to * rows);
    const [start, end] = [some[0], some.at(-1)];
    return some.length < 2 ? NaN : (1e6 * (end.cpuSeconds - start.cpuSeconds)) / (end.rows - start.rows);
  };
  const [first, last] = [within(0.02, 0.12), within(0.9, 1)];
  return { first, last, ratio: last / first };
}

/** SIGKILL: nothing is said to anybody, as when a machine goes. */
async function kill(worker) {
  process.kill(-worker.groupId, 'SIGKILL');
  await until(() => (worker.hasExited() ? true : undefined), { everyMs: 50 });
}

/** Runs under one workflow id: each continue-as-new is one more. */
async function countRuns(temporal, workflowId) {
  let runs = 0;
  for await (const _run of temporal.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs++;
  return runs;
}

/** Pages in the order in which they were fetched. */
function pagesOf(events) {
  const documents = events
    .filter(({ event }) => event === 'discovery_page_fetch_completed')
    .map(({ documents_read: read }) => read);
  return events
    .filter(({ event }) => event === 'discovery_page_fetched')
    .map(({ time, rows }, index) => ({ at: Date.parse(time), rows, documents: documents[index] ?? 0 }));
}

/**
 * Milliseconds a thousand rows in the first tenth of the pages and in the last: medians, so that the kill between
 * them and a pause for a fresh history count in neither.
 */
function pace(pages, rows) {
  const tenth = Math.max(2, Math.floor(pages.length / 10));
  const of = (some) => {
    const gaps = some.slice(1).map(({ at }, index) => ((at - some[index].at) / some[index].rows) * 1_000);
    return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
  };
  // The first page waits for the worker and its caches.
  const first = of(pages.slice(1, 1 + tenth));
  const last = of(pages.slice(-tenth - 1, -1));
  return { first, last, ratio: last / first, rows: Math.round(rows / 10) };
}
