// Records histories of every workflow for test/replay: `npm run record-histories -- VERSION`.
// A demo's stack and worker run them, so they hold what real runs hold: no personal data, by design.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { Client, Connection } = require('@temporalio/client');
const { temporalCliPath } = require('#tools/stack/temporal-binaries.js');
const { startDemo } = require('#tools/demo/run-demo.js');

/** Further runs of the same kind repeat what the first ones show. */
const MOST_OF_A_KIND = 8;
/** A bound that it comes to. */
const LIMITED = { test_date: '2025-12-20', mode: 'one_time', max_records: 3, batch_size: 2 };

const version = process.argv[2];
if (!/^\d+\.\d+\.\d+(-[a-z-]+)?$/.test(version ?? '')) {
  console.error(
    'Usage: npm run record-histories -- VERSION, for example 0.1.0, or 0.1.0-limits for a build before it',
  );
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'vachan-histories-'));
const demo = await startDemo({
  records: 24,
  source: 'mongo',
  tinyClips: true,
  folder,
  csvPath: join(folder, 'results.csv'),
  environment: process.env,
  log: (line) => console.log(line),
});
try {
  await demo.run();
  const connection = await Connection.connect({ address: demo.env.TEMPORAL_ADDRESS });
  const client = new Client({ connection, namespace: demo.env.TEMPORAL_NAMESPACE });
  await runTheOthers(client, demo.env.TASK_QUEUE);
  await save(client);
  await connection.close();
} finally {
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Runs what a demo does not: run controls, continue-as-new, other modes, the other workflows, a refused input. */
async function runTheOthers(client, taskQueue) {
  const start = (type, workflowId, input) =>
    client.workflow.start(type, { taskQueue, workflowId, args: [input] });
  const steered = await start('discoveryWorkflow', 'steered', {
    test_date: '2025-12-21',
    mode: 'incremental',
  });
  await steered.signal('pause');
  await steered.executeUpdate('set_limits', { args: [{ max_concurrency: 2 }] });
  await steered.signal('resume');
  await steered.signal('drain');
  await steered.result();
  const again = await start('discoveryWorkflow', 'continued', {
    test_date: '2025-12-20',
    discovery_batch_size: 1,
    history_event_limit: 50,
  });
  await again.result();
  await (await start('ingestWorkflow', 'ingest', { until_empty: true })).result();
  const cancelled = await start('ingestWorkflow', 'cancelled', {});
  await cancelled.cancel();
  await cancelled.result().catch(() => undefined);
  const nightly = await start('nightlyWorkflow', 'nightly', { time_zone: 'Asia/Kolkata' });
  const { workflow_id } = await nightly.result();
  await client.workflow.getHandle(workflow_id).result();
  await (
    await start('discoveryWorkflow', 'refused', { test_date: 'tomorrow' })
  )
    .result()
    .catch(() => undefined);
  await runWithLimits(await start('discoveryWorkflow', 'limited', LIMITED));
}

/** Lifts a bound that the run has come to, and changes limits while its lanes wait. */
async function runWithLimits(limited) {
  // Until it is prepared it answers no query.
  const reached = async () => {
    const status = await limited.query('status').catch(() => undefined);
    return status?.discovery.enqueued === LIMITED.max_records;
  };
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 50));
  await limited.executeUpdate('set_limits', { args: [{ max_records: null, max_concurrency: 1 }] });
  await limited.executeUpdate('set_limits', { args: [{ max_concurrency: null }] });
  await limited.result();
}

/** Stack traces name this machine's folders; a replay does not look at them. */
function withoutMachine(key, value) {
  return key === 'stackTrace' ? undefined : value;
}

async function save(client) {
  const target = join(root, 'test/replay/histories', version);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const cli = await temporalCliPath();
  const counts = {};
  for await (const { type, workflowId, runId } of client.workflow.list()) {
    counts[type] = (counts[type] ?? 0) + 1;
    if (counts[type] > MOST_OF_A_KIND) continue;
    const json = execFileSync(
      cli,
      [
        'workflow',
        'show',
        '--address',
        demo.env.TEMPORAL_ADDRESS,
        '-w',
        workflowId,
        '-r',
        runId,
        '-o',
        'json',
      ],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    writeFileSync(
      join(target, `${type}.${counts[type]}.json`),
      `${JSON.stringify(JSON.parse(json, withoutMachine))}\n`,
    );
  }
  console.log(`Recorded ${JSON.stringify(counts)} into ${target}`);
}
