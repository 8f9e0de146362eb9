import type { IngestSummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import type { QueueDepth } from '../../../../src/contract/backlog.js';
import { until } from '../../../until.js';
import type { AwsGate } from './gate.js';
import { historyTexts } from './history-text.js';
import { createInstallation, endLeftInstallations, type Installation } from './installation.js';
import { recordings } from './recordings.js';
import type { ExitStatus, WorkerProcess } from './worker-process.js';

const STORY_MS = 180_000;
const COUNT = 6;
/** A download that is held must not give up by itself. */
const PATIENT = { S3_SOCK_READ_TIMEOUT_SECONDS: '170', S3_TIMEOUT_SECONDS: '170' };

interface Story {
  installation: Installation;
  first: WorkerProcess;
  second: WorkerProcess;
  firstEnded: ExitStatus;
  summary: IngestSummary;
}

afterAll(endLeftInstallations);

/** A worker is ended in the middle of the downloads of a batch that holds all messages; a second one goes on. */
async function endInMidBatch(
  signal: 'SIGTERM' | 'SIGKILL',
  env: Readonly<Record<string, string>>,
): Promise<Story> {
  const { installation, gate } = await heldInstallation(COUNT);
  const first = await installation.worker({ ...PATIENT, ...env, AWS_ENDPOINT_URL: gate.endpointUrl });
  const run = await installation.start('ingestWorkflow', { until_empty: true });
  await until(() => gate.held() === COUNT);
  const second = await installation.worker();
  first.signal(signal);
  const firstEnded = await first.exited();
  return { installation, first, second, firstEnded, summary: (await run.result()) as IngestSummary };
}

async function heldInstallation(count: number): Promise<{ installation: Installation; gate: AwsGate }> {
  const installation = await createInstallation();
  const gate = await installation.awsGate();
  gate.holdDownloads();
  const rows = recordings(count, installation.bucket);
  await installation.insert(rows);
  await installation.send(rows);
  return { installation, gate };
}

/** Each of two workers has a batch in hand at the same time; both go on when both have one. */
async function shareCsv(): Promise<{
  installation: Installation;
  workers: WorkerProcess[];
  summary: IngestSummary;
}> {
  const { installation, gate } = await heldInstallation(20);
  const env = { ...PATIENT, AWS_ENDPOINT_URL: gate.endpointUrl, MAX_CONCURRENCY: '1' };
  const workers = await Promise.all([installation.worker(env), installation.worker(env)]);
  const run = await installation.start('ingestWorkflow', {
    until_empty: true,
    max_concurrency: 2,
    batch_size: 5,
  });
  await Promise.all(workers.map((worker) => worker.said('batch_dispatched')));
  gate.releaseDownloads();
  return { installation, workers, summary: (await run.result()) as IngestSummary };
}

/** A worker is told to stop while it waits for more messages, with one in hand and a long poll open. */
async function endWhileReceiving(): Promise<{
  installation: Installation;
  worker: WorkerProcess;
  ended: ExitStatus;
  depth: QueueDepth;
}> {
  const installation = await createInstallation();
  const rows = recordings(1, installation.bucket);
  await installation.insert(rows);
  await installation.send(rows);
  const worker = await installation.worker({
    MAX_BATCH_WAIT_SECONDS: '15',
    SHUTDOWN_GRACE_SECONDS: '1',
    SQS_VISIBILITY_TIMEOUT_SECONDS: '3600',
  });
  await installation.start('ingestWorkflow', { until_empty: true });
  await worker.said('messages_polled');
  worker.signal('SIGTERM');
  const ended = await worker.exited();
  return { installation, worker, ended, depth: await installation.depth() };
}

let terminated: Story;
let receiving: Awaited<ReturnType<typeof endWhileReceiving>>;
let killed: Story;
let shared: Awaited<ReturnType<typeof shareCsv>>;

beforeAll(async () => {
  [terminated, killed, shared, receiving] = await Promise.all([
    // Nothing but the drain can bring the messages back within this test.
    endInMidBatch('SIGTERM', { SHUTDOWN_GRACE_SECONDS: '2', SQS_VISIBILITY_TIMEOUT_SECONDS: '3600' }),
    endInMidBatch('SIGKILL', { SQS_VISIBILITY_TIMEOUT_SECONDS: '5' }),
    shareCsv(),
    endWhileReceiving(),
  ]);
}, STORY_MS);

describe('a worker that gets SIGTERM in mid-batch', () => {
  test('gives its messages back at once and exits 0', () => {
    expect(terminated.firstEnded).toEqual({ code: 0, signal: null });
    const events = terminated.first.lines().map(({ event }) => event);
    expect(events.filter((event) => /^worker_|^drain_/.test(event))).toEqual([
      'worker_started',
      'worker_draining',
      'drain_timed_out',
      'worker_stopped',
    ]);
  });

  test('tells the batch’s workflow, which need not find out by a timeout', async () => {
    const { client, taskQueue } = terminated.installation;
    const histories = [...(await historyTexts(client, taskQueue)).values()].join('\n');
    expect(histories).toContain('EVENT_TYPE_ACTIVITY_TASK_FAILED');
    expect(histories).not.toContain('EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT');
  });

  test('leaves its batch to another, which loses nothing', async () => {
    await expectFinishedBySecond(terminated);
  });
});

describe('a worker that gets SIGTERM while it waits for more messages', () => {
  test('leaves none of them invisible, and exits 0', async () => {
    expect(receiving.ended).toEqual({ code: 0, signal: null });
    expect(receiving.depth).toEqual({ visible: 1, in_flight: 0, delayed: 0 });
    await receiving.installation.close();
  });
});

describe('a worker that is killed in mid-batch', () => {
  test('is counted as a lost host, and its batch is finished by another', async () => {
    expect(killed.firstEnded).toEqual({ code: null, signal: 'SIGKILL' });
    const { client, taskQueue } = killed.installation;
    const histories = [...(await historyTexts(client, taskQueue)).values()];
    const lost = histories.filter((text) => text.includes('EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT'));
    // Silent at first, and then nobody there to take the next try: one batch, one stage, given up once.
    expect(lost).toHaveLength(1);
    expect(lost[0]).toContain('TIMEOUT_TYPE_SCHEDULE_TO_START');
    expect(lost[0]).toContain('TIMEOUT_TYPE_HEARTBEAT');
    await expectFinishedBySecond(killed);
  });
});

describe('two workers with one CSV file', () => {
  test('write each delivery once, under one header', async () => {
    expect(shared.summary.outcomes.completed).toBe(20);
    for (const worker of shared.workers) {
      expect(worker.of('results_csv_appended').length).toBeGreaterThan(0);
    }
    const ids = shared.installation.csv().map((row) => row.message_id);
    expect(ids).toHaveLength(20);
    expect(new Set(ids).size).toBe(20);
    await shared.installation.close();
  });
});

async function expectFinishedBySecond({ installation, first, second, summary }: Story): Promise<void> {
  expect(summary).toMatchObject({
    status: 'completed',
    hosts_lost: 1,
    batches_failed: 0,
    received: 2 * COUNT,
    returned: COUNT,
    outcomes: { completed: COUNT },
  });
  expect(first.of('batch_processed')).toEqual([]);
  expect(second.of('batch_processed').map((line) => line['completed'])).toEqual([COUNT]);
  expect(installation.csv().map((row) => [row.processing_status, row.receive_count])).toEqual(
    Array(COUNT).fill(['completed', '2']),
  );
  expect(await installation.results()).toHaveLength(COUNT);
  expect(await installation.depth()).toEqual({ visible: 0, in_flight: 0, delayed: 0 });
  expect((await installation.world()).deadLetters).toEqual([]);
  await installation.close();
}
