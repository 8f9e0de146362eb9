// The whole service on 30-second clips: against the bare audio loop (before and after), and against a Python peer of the whole service.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startContestant } from '../audio/contestant.mjs';
import { makeClips } from '../audio/clips.mjs';
import { setUpPeer } from '../audio/peer-setup.mjs';
import { atEnd, benchFolder, killTree } from '../cleanup.mjs';
import { ProcessMeter } from '../service/processes.mjs';
import { startService, until } from '../service/service.mjs';
import { seedSource, sendMessages, uploadClips } from './recordings.mjs';
import { printReport } from './report.mjs';

export const options = (command, { wholeNumber }) =>
  command
    .option('--records <count>', 'recordings that each side scores', wholeNumber(1))
    // V8 compiles its code over the first 4,000 or so.
    .option('--warm-up <count>', 'recordings that the service scores before them', wholeNumber(0))
    .option(
      '--peer-records <count>',
      'recordings for the peer, which takes longer (as many)',
      wholeNumber(1),
    );

/** `warmUp`: recordings before those that are measured, as the bare loop and the peer have theirs: a run lasts for hours. */
const FULL = { records: 800, warmUp: 200, seconds: 30, perFormat: 10 };
const QUICK = { records: 40, warmUp: 8, seconds: 5, perFormat: 1 };
/** A member of the audio pool that ends takes what it used since the last look along. */
const LOOK_EVERY_MS = 500;
const PEER_RESULTS = 'bench_peer_results';

/** @returns `{ok, …}`: ok when every recording has its result, from either side */
export async function run(root, { quick, records, warmUp, peerRecords }) {
  const plan = { ...(quick ? QUICK : FULL) };
  if (records !== undefined) plan.records = records;
  if (warmUp !== undefined) plan.warmUp = warmUp;
  const cores = Math.min(2, cpus().length);
  const clips = await makeClips(root, plan);
  const peer = setUpPeer(root);

  const before = await bareLoop(root, clips, cores, plan.records);
  const service = await startService(root, { name: 'pipeline', postgres: false });
  const { clients, env, stack } = service;
  const urls = await uploadClips(clients, stack.endpoints.aws.bucket, clips);
  const source = clients.db.collection(env.MONGO_SOURCE_COLLECTION);
  const queue = (bodies) => sendMessages(clients, env.SQS_QUEUE_URL, bodies);

  const seed = async (count) => queue(await seedSource(source, count, urls));
  const ours = await runOurs(service, plan, seed);
  let theirs;
  if (peer.python) {
    const count = peerRecords ?? plan.records;
    await seed(count);
    theirs = await runPeer(root, peer.python, service, count, cores, clips[0].path);
  }
  // The bare loop has the cores to itself.
  await service.stop();
  const after = await bareLoop(root, clips, cores, plan.records);

  const bare = mean(before, after);
  const perRecord = ({ cpuSeconds, records: count }) =>
    (1_000 * Object.values(cpuSeconds).reduce((sum, spent) => sum + spent, 0)) / count;
  const serving = ours.cpuMs.worker + ours.cpuMs.temporal;
  const own = serving + ours.cpuMs.pool;
  const ratios = {
    ofBareLoop: ours.perSecond / bare.perSecond,
    // What SQS, S3 and MongoDB take lies elsewhere in a real run; here it comes from the same cores.
    ofBareLoopAlone: (ours.perSecond * (1 + ours.serversCpuMs / own)) / bare.perSecond,
    orchestration: serving / own,
    ...(theirs && {
      recordsPerSecond: ours.perSecond / theirs.perSecond,
      cpu: perRecord(theirs) / perRecord(ours),
    }),
  };
  const ok = ours.results === plan.records && (!theirs || theirs.results === theirs.records);
  const measured = {
    plan,
    cores,
    bare,
    before,
    after,
    ours,
    theirs: theirs ?? `not run: ${peer.unavailable}`,
  };
  const result = { ...measured, ratios, ok };
  printReport(result);
  return result;
}

/** Of each figure: a machine is not as fast at the end of a bench as at its beginning. */
const mean = (one, other) =>
  Object.fromEntries(Object.entries(one).map(([figure, value]) => [figure, (value + other[figure]) / 2]));

/** The audio engine alone, on as many cores and clips: what the service is measured against. */
async function bareLoop(root, clips, cores, records) {
  const listFile = join(benchFolder(root, 'bare-loop'), 'clips.json');
  const times = Math.max(1, Math.round(records / clips.length));
  writeFileSync(listFile, JSON.stringify(Array.from({ length: times }, () => clips).flat()));
  const side = await startContestant(
    process.execPath,
    [join(root, 'bench/audio/ours.mjs'), listFile, String(cores)],
    cores,
  );
  const meter = new ProcessMeter();
  const looks = setInterval(() => meter.look(), LOOK_EVERY_MS);
  const { seconds } = await side.ask('path').finally(() => clearInterval(looks));
  meter.look();
  await side.quit();
  const cpuSeconds = Object.values(meter.cpuSeconds()).reduce((sum, spent) => sum + spent, 0);
  const count = times * clips.length;
  return { records: count, seconds, perSecond: count / seconds, cpuMs: (1_000 * cpuSeconds) / count };
}

/** A worker as `npm run worker` starts it, with the application's own defaults. */
async function runOurs({ temporal, env, clients, startWorker, readLog }, { records, warmUp }, seed) {
  const worker = startWorker({
    MAX_BATCH_WAIT_SECONDS: '5',
    QUEUE_EMPTY_CONFIRM_SECONDS: '2',
    SHUTDOWN_GRACE_SECONDS: '5',
  });
  await until(() => readLog().find(({ event }) => event === 'worker_started'), { worker });
  const ingest = (workflowId) =>
    temporal.workflow.start('ingestWorkflow', {
      taskQueue: env.TASK_QUEUE,
      workflowId,
      args: [{ until_empty: true }],
    });
  await seed(warmUp);
  await (await ingest('ingest:warm-up')).result();
  await seed(records);

  const results = clients.db.collection('anomaly_detection_results');
  const before = await results.estimatedDocumentCount();
  const meter = new ProcessMeter();
  const startedAt = Date.now();
  const measured = await ingest('ingest:bench');
  const stored = await until(
    async () => {
      const count = (await results.estimatedDocumentCount()) - before;
      return count >= records ? count : undefined;
    },
    { worker, meter },
  );
  const [last] = await results.find().sort({ updated_at: -1 }).limit(1).toArray();
  meter.look();
  await measured.result();
  await worker.stop();
  return figures(records, stored, (last.updated_at.getTime() - startedAt) / 1_000, meter);
}

async function runPeer(root, python, { env, clients, stack }, records, cores, warmUp) {
  // Where it would put them by itself, and where they are found again when it is killed.
  const scratch = mkdtempSync(join(tmpdir(), 'vachan-peer-'));
  atEnd(() => rmSync(scratch, { recursive: true, force: true }));
  const child = spawn(
    python,
    [
      join(root, 'bench/peer/service_peer.py'),
      ...[env.SQS_QUEUE_URL, env.MONGO_URI, env.MONGO_DB_NAME, env.MONGO_SOURCE_COLLECTION, PEER_RESULTS],
      ...[String(cores), warmUp],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...stack.env, TMPDIR: scratch } },
  );
  atEnd(() => killTree(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const meter = new ProcessMeter();
  const startedAt = Date.now();
  child.stdin.write('go\n');
  const ended = once(child, 'exit');
  const results = clients.db.collection(PEER_RESULTS);
  const stored = await until(
    async () => {
      const count = await results.estimatedDocumentCount();
      return count >= records || child.exitCode !== null ? count : undefined;
    },
    { meter },
  );
  const [last] = await results.find().sort({ updated_at: -1 }).limit(1).toArray();
  meter.look();
  child.stdin.end();
  await ended;
  return figures(records, stored, (last.updated_at.getTime() - startedAt) / 1_000, meter);
}

/** Processor time of what each side runs itself; that of the servers both use is reported apart. */
function figures(records, results, seconds, meter) {
  const all = meter.cpuSeconds();
  const servers = ['sqs and s3', 'mongo', 'postgres'];
  const cpuSeconds = Object.fromEntries(
    Object.entries(all).filter(([part, spent]) => !servers.includes(part) && spent > 0),
  );
  const ms = (spent = 0) => (1_000 * spent) / records;
  return {
    records,
    results,
    seconds,
    perSecond: records / seconds,
    cpuSeconds,
    cpuMs: {
      worker: 0,
      temporal: 0,
      pool: 0,
      ...Object.fromEntries(Object.entries(cpuSeconds).map(([k, v]) => [k, ms(v)])),
    },
    serversCpuMs: servers.reduce((sum, part) => sum + ms(all[part]), 0),
    peakRssMb: meter.peakRssMb,
  };
}
