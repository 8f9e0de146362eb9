// The whole service on 30-second clips: against the bare audio loop (before and after), and against a Python peer of the whole service.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startContestant } from '../audio/contestant.mjs';
import { median } from '../audio/agreement.mjs';
import { makeClips } from '../audio/clips.mjs';
import { setUpPeer } from '../audio/peer-setup.mjs';
import { atEnd, benchFolder, killTree } from '../cleanup.mjs';
import { ProcessMeter } from '../service/processes.mjs';
import { startService, until } from '../service/service.mjs';
import { seedSource, sendMessages, uploadClips } from './recordings.mjs';
import { printReport } from './report.mjs';

export const options = (command, { wholeNumber, builtCheckout }) =>
  command
    .option('--rounds <count>', 'times that each side takes its recordings', wholeNumber(1))
    .option('--beside <folder>', 'another checkout of this project, built, to take turns with', builtCheckout)
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
export async function run(root, { quick, records, warmUp, peerRecords, rounds, beside }) {
  const plan = { rounds: rounds ?? 1, ...(quick ? QUICK : FULL) };
  if (records !== undefined) plan.records = records;
  if (warmUp !== undefined) plan.warmUp = warmUp;
  const cores = Math.min(2, cpus().length);
  const clips = await makeClips(root, plan);
  const peer = setUpPeer(root);
  const builds = { ours: root, ...(beside !== undefined && { base: beside }) };

  const bareLoops = () => eachOf(builds, (folder) => bareLoop(root, folder, clips, cores, plan.records));
  const before = await bareLoops();
  const service = await startService(root, { name: 'pipeline', postgres: false });
  const { clients, env, stack } = service;
  const urls = await uploadClips(clients, stack.endpoints.aws.bucket, clips);
  const source = clients.db.collection(env.MONGO_SOURCE_COLLECTION);
  const queue = (bodies) => sendMessages(clients, env.SQS_QUEUE_URL, bodies);

  const seed = async (count) => queue(await seedSource(source, count, urls));
  const measured = [];
  for (let round = 0; round < plan.rounds; round++) {
    const sides = await eachOf(builds, (folder) => runService(service, folder, plan, seed));
    if (peer.python) {
      const count = peerRecords ?? plan.records;
      await seed(count);
      sides.peer = await runPeer(root, peer.python, service, count, cores, clips[0].path);
    }
    measured.push(sides);
  }
  // The bare loop has the cores to itself.
  await service.stop();
  const after = await bareLoops();

  const bare = await eachOf(builds, (_folder, build) => mean(before[build], after[build]));
  const sides = medians(measured);
  const ratios = medians(
    measured.map((round) =>
      Object.fromEntries(
        Object.keys(builds).map((build) => [build, ratiosOf(round[build], bare[build], round.peer)]),
      ),
    ),
  );
  const ok = measured.every((round) =>
    Object.values(round).every(({ results, records: asked }) => results === asked),
  );
  const result = { plan, cores, bare, before, after, sides, rounds: measured, ratios, ok };
  printReport({ ...result, unavailable: peer.unavailable });
  return result;
}

/** One after the other. */
async function eachOf(builds, work) {
  const found = {};
  for (const [build, folder] of Object.entries(builds)) found[build] = await work(folder, build);
  return found;
}

function ratiosOf(service, bare, peer) {
  const perRecord = ({ cpuSeconds, records: count }) =>
    (1_000 * Object.values(cpuSeconds).reduce((sum, spent) => sum + spent, 0)) / count;
  const serving = service.cpuMs.worker + service.cpuMs.temporal;
  const own = serving + service.cpuMs.pool;
  return {
    ofBareLoop: service.perSecond / bare.perSecond,
    // What SQS, S3 and MongoDB take lies elsewhere in a real run; here it comes from the same cores.
    ofBareLoopAlone: (service.perSecond * (1 + service.serversCpuMs / own)) / bare.perSecond,
    servingMs: serving,
    orchestration: serving / own,
    ...(peer && {
      recordsPerSecond: service.perSecond / peer.perSecond,
      cpu: perRecord(peer) / perRecord(service),
    }),
  };
}

/** Of each figure, of rounds that are made alike. */
function medians(rounds) {
  const [first] = rounds;
  if (typeof first !== 'object') return median(rounds);
  const keys = Object.keys(first);
  return Object.fromEntries(keys.map((key) => [key, medians(rounds.map((round) => round[key] ?? 0))]));
}

/** Of each figure: a machine is not as fast at the end of a bench as at its beginning. */
const mean = (one, other) =>
  Object.fromEntries(Object.entries(one).map(([figure, value]) => [figure, (value + other[figure]) / 2]));

/** The audio engine of a build alone, on as many cores and clips: what the service is measured against. */
async function bareLoop(root, build, clips, cores, records) {
  const listFile = join(benchFolder(root, 'bare-loop'), 'clips.json');
  const times = Math.max(1, Math.round(records / clips.length));
  writeFileSync(listFile, JSON.stringify(Array.from({ length: times }, () => clips).flat()));
  const side = await startContestant(
    process.execPath,
    [join(build, 'bench/audio/ours.mjs'), listFile, String(cores)],
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

/** A worker as `npm run worker` starts it in a build's folder, with the application's own defaults. */
async function runService(
  { temporal, env, clients, startWorker, readLog },
  build,
  { records, warmUp },
  seed,
) {
  const starts = () => readLog().filter(({ event }) => event === 'worker_started').length;
  const startsBefore = starts();
  const worker = startWorker(
    { MAX_BATCH_WAIT_SECONDS: '5', QUEUE_EMPTY_CONFIRM_SECONDS: '2', SHUTDOWN_GRACE_SECONDS: '5' },
    build,
  );
  await until(() => (starts() > startsBefore ? true : undefined), { worker });
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
  const results = clients.db.collection(PEER_RESULTS);
  const before = await results.estimatedDocumentCount();
  const meter = new ProcessMeter();
  const startedAt = Date.now();
  child.stdin.write('go\n');
  const ended = once(child, 'exit');
  const stored = await until(
    async () => {
      const count = (await results.estimatedDocumentCount()) - before;
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
