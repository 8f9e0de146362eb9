import { join } from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { startDemo } = require('#tools/demo/run-demo.js');

/** A bound that it comes to. */
const LIMITED = { test_date: '2025-12-20', mode: 'one_time', max_records: 3, batch_size: 2 };

export const startRecordings = (folder, log) =>
  startDemo({
    records: 24,
    source: 'mongo',
    tinyClips: true,
    folder,
    csvPath: join(folder, 'results.csv'),
    environment: process.env,
    log,
  });

/** Runs what a demo does not: run controls, continue-as-new, other modes, the other workflows, a refused input. */
export async function runOtherRecordings(client, { TASK_QUEUE: taskQueue }) {
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
