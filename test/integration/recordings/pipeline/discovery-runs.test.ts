import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { watermarkOf } from '../../../../src/pipelines/recordings/contract/watermark.js';
import type { StateDocument } from '../../../../src/pipelines/recordings/contract/state-document.js';
import type { DiscoverySummary } from '../../../../src/pipelines/recordings/contract/workflow-results.js';
import type { RunLimits } from '../../../../src/pipelines/recordings/contract/limits.js';
import type { PlannedRow } from '../../../../tools/demo/seed-plan.js';
import { temporalCliPath } from '../../../../tools/stack/temporal-binaries.js';
import type { NightlySummary } from '../../../../src/workflows/recordings/nightly.js';
import { freshName } from '../../embedded-stack.js';
import { until } from '../../../until.js';
import { SUBJECT, TEST_DATE } from '../sources/source-documents.js';
import {
  SOURCE_COLLECTION,
  STATE_COLLECTION,
  createInstallation,
  endLeftInstallations,
  type Installation,
} from './installation.js';
import { messageFor, recordings } from './recordings.js';
import type { WorkerProcess } from './worker-process.js';

const STORY_MS = 120_000;
const NEXT_DATE = '2025-12-21';

afterAll(endLeftInstallations);

describe('discovery in a process that plays the orchestrator only', () => {
  let installation: Installation;
  let worker: WorkerProcess;
  let rows: PlannedRow[];
  const visible = async (): Promise<number> => (await installation.depth()).visible;
  const polls = (): number => worker.of('discovery_run_once_started').length;
  const polledTwiceMore = async (): Promise<void> => {
    const before = polls();
    // The one under way may have read already; the next one has not.
    await until(() => polls() >= before + 2);
  };

  beforeAll(async () => {
    installation = await createInstallation();
    rows = recordings(260, installation.bucket);
    await installation.insert(rows);
    worker = await installation.worker({
      SERVICE_MODE: 'orchestrator',
      DISCOVERY_BATCH_SIZE: '100',
      MAX_RECORDS: '250',
    });
  }, STORY_MS);

  test('reads pages of 100, 100 and 50 when it may send 250', async () => {
    const run = await installation.start('discoveryWorkflow', {
      ...{ test_date: TEST_DATE, mode: 'backfill', await_queue: false },
    });
    const summary = (await run.result()) as DiscoverySummary;
    expect(worker.of('discovery_page_fetched').map((line) => line['rows'])).toEqual([100, 100, 50]);
    expect(summary).toMatchObject({
      status: 'completed',
      discovery: { pages: 3, discovered: 250, enqueued: 250 },
      watermark: watermarkOf(messageFor(rows[249]!, SOURCE_COLLECTION)),
    });
    expect(await visible()).toBe(250);
  });

  test('sends a row that arrives late behind the watermark once, also when another run follows', async () => {
    const next = recordings(4, installation.bucket).map((row) => ({ ...row, test_date: NEXT_DATE }));
    const [late, ...onTime] = next;
    await installation.insert(onTime);
    const input = { test_date: NEXT_DATE, mode: 'incremental', poll_interval_seconds: 1 };
    const run = await installation.start('discoveryWorkflow', input);
    await until(async () => (await visible()) === 253);
    await worker.said('watermark_advanced', (line) => line['test_date'] === NEXT_DATE);

    await installation.insert([late!]);
    await worker.said('late_rows_enqueued', (line) => line['rows'] === 1);
    await polledTwiceMore();
    await run.signal('drain');
    const summary = (await run.result()) as DiscoverySummary;
    expect(summary).toMatchObject({ status: 'stopped', discovery: { enqueued: 4, late: 1 } });
    expect(summary.watermark).toEqual(watermarkOf(messageFor(onTime.at(-1)!, SOURCE_COLLECTION)));

    const another = await installation.start('discoveryWorkflow', input);
    await worker.said('watermark_loaded', (line) => line['test_date'] === NEXT_DATE);
    await polledTwiceMore();
    await another.signal('drain');
    expect((await another.result()) as DiscoverySummary).toMatchObject({
      discovery: { enqueued: 0, late: 0 },
      watermark: summary.watermark,
    });
    expect(await visible()).toBe(254);
  });

  test('ends in good order', async () => {
    await installation.close();
  });
});

describe('runs that people start and steer', () => {
  let installation: Installation;
  let worker: WorkerProcess;
  beforeAll(async () => {
    installation = await createInstallation();
    await installation.insert(recordings(3, installation.bucket));
    worker = await installation.worker();
  }, STORY_MS);

  test('a run started by the temporal command with the README’s input ends with its summary', async () => {
    const workflowId = `discovery:${SOURCE_COLLECTION}:${TEST_DATE}`;
    const { TEMPORAL_ADDRESS: address } = installation.env;
    await promisify(execFile)(await temporalCliPath(), [
      ...['workflow', 'start', '--address', address!, '--task-queue', installation.taskQueue],
      ...['--type', 'discoveryWorkflow', '--workflow-id', workflowId],
      ...['--input', '{"test_date":"2025-12-20","mode":"backfill"}'],
    ]);
    const summary = (await installation.client.workflow.getHandle(workflowId).result()) as DiscoverySummary;
    expect(summary).toMatchObject({
      status: 'completed',
      outcomes: { completed: 3 },
      source_exhausted: true,
    });
    expect(await installation.results()).toHaveLength(3);
  });

  test('a paused run does nothing, takes other limits, and goes on with them until it is drained', async () => {
    const later = recordings(7, installation.bucket).map((row) => ({
      ...row,
      subject_created_at: new Date('2025-12-20T20:00:00.000Z'),
    }));
    await installation.insert(later);
    const run = await installation.client.workflow.signalWithStart('discoveryWorkflow', {
      taskQueue: installation.taskQueue,
      workflowId: freshName('steered'),
      args: [{ test_date: TEST_DATE, mode: 'incremental', poll_interval_seconds: 1 }],
      signal: 'pause',
    });
    const limits = { discovery_batch_size: 4, batch_size: 2 };
    const changed: RunLimits = await run.executeUpdate('set_limits', { args: [limits] });
    expect(changed).toMatchObject(limits);
    expect(await run.query('status')).toMatchObject({
      status: 'paused',
      discovery: { pages: 0 },
      backlog: null,
      limits,
    });
    await expect(run.executeUpdate('set_limits', { args: [{ batch_size: 0 }] })).rejects.toMatchObject({
      cause: { message: 'batch_size is 0; expected a whole number from 1 to 1000' },
    });

    const batchesBefore = worker.of('batch_dispatched').length;
    const pagesBefore = worker.of('discovery_page_fetched').length;
    await run.signal('resume');
    await until(async () => (await installation.results()).length === 10);
    await run.signal('drain');
    const summary = (await run.result()) as DiscoverySummary;
    expect(summary).toMatchObject({ status: 'stopped', outcomes: { completed: 7 } });
    const pages = worker.of('discovery_page_fetched').slice(pagesBefore);
    expect(pages.map((line) => line['rows']).slice(0, 2)).toEqual([4, 3]);
    const batches = worker.of('batch_dispatched').slice(batchesBefore);
    expect(Math.max(...batches.map((line) => Number(line['received'])))).toBe(2);
    const state = await installation.db
      .collection<StateDocument>(STATE_COLLECTION)
      .findOne({ test_date: TEST_DATE });
    expect(state?.status).toBe('stopped');
  });

  test('a nightly run starts the discovery of its date under its fixed id', async () => {
    const nightly = await installation.start('nightlyWorkflow', { discovery: { mode: 'backfill' } });
    const started = (await nightly.result()) as NightlySummary;
    expect(started).toMatchObject({
      workflow_id: `discovery:${SOURCE_COLLECTION}:${started.test_date}`,
      started: true,
    });
    const summary = (await installation.client.workflow
      .getHandle(started.workflow_id)
      .result()) as DiscoverySummary;
    expect(summary).toMatchObject({ status: 'completed', test_date: started.test_date, mode: 'backfill' });
  });

  test.each([
    [
      'discoveryWorkflow',
      { test_date: '20-12-2025', mode: 'backfil' },
      [/test_date: .*2025-12-20.*"20-12-2025"/, /mode: /],
    ],
    ['discoveryWorkflow', undefined, [/^discoveryWorkflow: /]],
    ['discoveryWorkflow', { test_date: TEST_DATE, subject: SUBJECT }, [/subject/]],
    ['ingestWorkflow', { queue_url: 'http://127.0.0.1/000000000000/other' }, [/SQS_ALLOWED_QUEUE_URLS/]],
    ['ingestWorkflow', { batch_size: 0 }, [/^ingestWorkflow: batch_size: .*got 0/]],
    [
      'inferenceWorkflow',
      { queue_url: 'nowhere' },
      [/^inferenceWorkflow: queue_url: /, /batch_size: .*got nothing/],
    ],
    ['nightlyWorkflow', { time_zone: 'Asia/Pune' }, [/time_zone: .*Asia\/Kolkata.*"Asia\/Pune"/]],
    ['nightlyWorkflow', { day_offset: 'yesterday' }, [/^nightlyWorkflow: day_offset: .*"yesterday"/]],
  ])('%s fails at once, and readably, with %j', async (type, input, messages) => {
    const run = await installation.start(type, input);
    const failure = await run.result().then(
      () => undefined,
      (error: unknown) => error as { cause?: { type?: string; message?: string } },
    );
    expect(failure?.cause?.type).toBe('InvalidInput');
    for (const message of messages) expect(failure?.cause?.message).toMatch(message);
  });

  test('ends in good order', async () => {
    await installation.close();
  });
});
