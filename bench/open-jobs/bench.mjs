// What open jobs cost an orchestrator of exports: memory, and the processor time of their looks, with nobody to work on them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, benchFolder, keep } from '../cleanup.mjs';
import { until } from '../service/service.mjs';

export const options = (command, { wholeNumber }) =>
  command
    .option('--jobs <count>', 'jobs that are open at once', wholeNumber(1))
    .option('--hold <seconds>', 'how long they are held', wholeNumber(1));

const FULL = { jobs: 2_000, hold: 150 };
const QUICK = { jobs: 20, hold: 3 };
const IDS_A_MESSAGE = 100;
/** Of the container's 512 MiB: the rest is the headroom of a listing of many pages. */
const LIMIT_MB = 400;

/** @returns `{ok, …}`: ok when every job has sent its task, and the process stayed within its memory */
export async function run(root, { quick, jobs, hold }) {
  const plan = { ...(quick ? QUICK : FULL), ...(jobs && { jobs }), ...(hold && { hold }) };
  const { startExportsStack } = await import('#tools/stack/start-stack.js');
  const { startExportApi } = await import('#tools/export-api/start-export-api.js');
  const { zipContent } = await import('#tools/export-api/zip/zip-content.js');
  const folder = benchFolder(root, 'open-jobs');
  const stack = await keep(
    startExportsStack({ folder, environment: process.env, log: () => undefined }),
    (started) => started.stop(),
  );
  const api = await keep(startExportApi(), (started) => started.stop());
  const content = zipContent([{ name: 'a.txt', data: Buffer.from('one') }]);
  const ids = Array.from({ length: plan.jobs }, (_, index) => `open-${index}`);
  for (const id of ids) api.add({ id, files: [{ id: 'file', name: 'one.zip', content }] });

  const worker = await startOrchestrator(root, {
    ...stack.env,
    EXPORT_API_URL: api.url,
    EXPORT_API_TOKEN: api.token,
    EXPORT_API_RATE: '500',
    EXPORT_PRIVATE_HOSTS: new URL(api.url).host,
  });
  const { sqs, send, depth } = await queues(stack.endpoints.exports);
  atEnd(() => sqs.destroy());
  const started = performance.now();
  for (let at = 0; at < ids.length; at += IDS_A_MESSAGE) {
    await send(JSON.stringify({ version: 1, export_ids: ids.slice(at, at + IDS_A_MESSAGE) }));
  }
  await until(async () => ((await depth()) >= plan.jobs ? true : undefined), { everyMs: 1_000 });
  const openSeconds = (performance.now() - started) / 1_000;

  const before = usage(worker.pid);
  let peakMb = before.rssMb;
  const end = performance.now() + plan.hold * 1_000;
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    peakMb = Math.max(peakMb, usage(worker.pid).rssMb);
  }
  const after = usage(worker.pid);
  const result = {
    jobs: plan.jobs,
    open_seconds: round(openSeconds),
    jobs_a_second: round(plan.jobs / openSeconds),
    hold_seconds: plan.hold,
    rss_mb: round(after.rssMb),
    peak_rss_mb: round(Math.max(peakMb, after.peakMb)),
    cpu_share_while_held: round((after.cpuSeconds - before.cpuSeconds) / plan.hold),
  };
  console.log(`${result.jobs} jobs open after ${result.open_seconds} s (${result.jobs_a_second} a second)`);
  console.log(
    `  RSS           ${result.rss_mb} MB after ${plan.hold} s, at most ${result.peak_rss_mb} MB (limit ${LIMIT_MB})`,
  );
  console.log(`  processor     ${result.cpu_share_while_held} of a core while they wait`);
  return { ok: result.peak_rss_mb <= LIMIT_MB, ...result };
}

async function startOrchestrator(root, env) {
  const { WORKER_NODE_FLAGS } = await import('#vachan/workers/node-flags.js');
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [...WORKER_NODE_FLAGS, join(root, 'dist/workers/main.js')], {
    env: {
      ...{ PATH, HOME, ...(TMPDIR && { TMPDIR }) },
      ...{ PIPELINES: 'exports', SERVICE_MODE: 'orchestrator', HEALTH_PORT: '0', LOG_LEVEL: 'warn' },
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  atEnd(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  return child;
}

async function queues({ sqs: connection, jobs, tasks }) {
  const { SQSClient, SendMessageCommand, GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const { awsClientOptions } = await import('#tools/stack/aws.js');
  const sqs = new SQSClient(awsClientOptions(connection));
  return {
    sqs,
    send: (body) => sqs.send(new SendMessageCommand({ QueueUrl: jobs.queueUrl, MessageBody: body })),
    depth: async () => {
      const command = new GetQueueAttributesCommand({
        QueueUrl: tasks.queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      });
      const { Attributes: found = {} } = await sqs.send(command);
      return Number(found.ApproximateNumberOfMessages ?? 0);
    },
  };
}

/** Linux's own figures of a process; a tick is a hundredth of a second. */
function usage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1_024;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return {
    rssMb: megabytes('VmRSS'),
    peakMb: megabytes('VmHWM'),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
  };
}

const round = (value) => Math.round(value * 100) / 100;
