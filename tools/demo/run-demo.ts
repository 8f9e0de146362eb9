import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Db } from 'mongodb';
import { discoveryWorkflowId, WORKFLOW_TYPES } from '#vachan/pipelines/recordings/contract/names.js';
import { OUTCOMES } from '#vachan/pipelines/recordings/contract/outcome.js';
import { discoveryTitle } from '#vachan/pipelines/recordings/contract/run-titles.js';
import type { ResultDocument } from '#vachan/pipelines/recordings/contract/result-document.js';
import type { DiscoveryInput } from '#vachan/pipelines/recordings/contract/workflow-inputs.js';
import type { DiscoverySummary } from '#vachan/pipelines/recordings/contract/workflow-results.js';
import { loadSettings } from '#vachan/platform/config/load-settings.js';
import { createDataConverter } from '#vachan/temporal/encryption/data-converter.js';
import type { Environment } from '../stack/folders.js';
import type { GuardedProcess } from '../stack/guarded-process.js';
import { STACK_SOURCE_COLLECTION, startStack, type Stack } from '../stack/start-stack.js';
import {
  DEMO_RESULT_COLLECTION,
  DEMO_TEST_DATE,
  describeSeeded,
  seedDemo,
  withStackClients,
} from './seed-demo.js';
import { EXPECTED_OUTCOMES, SEED_KINDS } from './expected-outcomes.js';
import { followRun } from './follow-run.js';
import { countKinds, differences, type Ledger, type World } from './ledger.js';
import { PeakMemory, type GroupMemory } from './group-memory.js';
import { progressView } from './progress.js';
import { describeResult, namedEndpoints, type DemoSummary } from './report.js';
import { startWorkerProcess, workerEnvironment } from './worker-process.js';
import { readWorld } from './world.js';
import { BASE_SETTINGS } from '#vachan/platform/config/base-settings.js';
import { pick } from '#vachan/platform/config/settings-table.js';

const MOST_ANOMALOUS = 5;

export interface DemoOptions {
  records: number;
  source: 'mongo' | 'postgres';
  /** Every recording is the shortest sample. */
  tinyClips: boolean;
  /** Servers' data and logs. */
  folder: string;
  csvPath: string;
  environment: Environment;
  log: (line: string) => void;
}

/** A demo whose servers and worker are up. */
export interface RunningDemo {
  stack: Stack;
  /** What the worker runs with, and so a command that wants to look at the same things. */
  env: Record<string, string>;
  /** Seeds, runs to the end, and checks. */
  run: () => Promise<DemoSummary>;
  /** Ends the worker, then the servers. Any number of calls. */
  stop: () => Promise<void>;
}

/** Starts the stack for a demo; nothing is seeded and no worker started yet. */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const startedAtMs = Date.now();
  const { log, source } = options;
  rmSync(options.csvPath, { force: true });
  mkdirSync(dirname(options.csvPath), { recursive: true });
  // A demo's rows have no business in a database that somebody else's settings name.
  const unique = `vachan_demo_${startedAtMs}`;
  const stack = await startStack({
    folder: options.folder,
    postgres: source === 'postgres',
    environment: { ...options.environment, MONGO_DB_NAME: unique, POSTGRES_SCHEMA: unique },
    log,
  });
  const env = {
    ...stack.env,
    MONGO_DB_NAME: unique,
    TASK_QUEUE: unique,
    CSV_OUTPUT_PATH: options.csvPath,
  };
  const held: { worker?: GuardedProcess } = {};
  return {
    stack,
    env,
    run: () =>
      runDemo({ ...options, stack, env, startedAtMs, holdWorker: (worker) => (held.worker = worker) }),
    stop: async () => {
      await held.worker?.stop();
      await stack.stop();
    },
  };
}

interface RunOptions extends DemoOptions {
  stack: Stack;
  env: Record<string, string>;
  startedAtMs: number;
  holdWorker: (worker: GuardedProcess) => void;
}

async function runDemo(options: RunOptions): Promise<DemoSummary> {
  const { stack, env, log } = options;
  const { aws, temporal } = stack.endpoints;
  return withStackClients(
    stack,
    async (clients) => {
      // It takes a second to start, in which the recordings are written.
      const worker = startWorkerProcess(
        workerEnvironment(options.environment, env, options.records),
        options.folder,
      );
      options.holdWorker(worker);
      const ledger = await seedDemo(stack, clients, options.records, { tiny: options.tinyClips });
      log(`Seeded ${options.records} recordings, and faulty data: ${describeSeeded(ledger)}.`);

      const runStartedAtMs = Date.now();
      const {
        summary: run,
        history,
        peak,
      } = await startAndFollow(temporal?.address ?? '', env, options.environment, ledger, worker, log);
      const runSeconds = (Date.now() - runStartedAtMs) / 1000;

      const world = await readWorld({
        ...{
          sqs: clients.sqs,
          queueUrl: aws.queueUrl,
          deadLetterQueueUrl: aws.deadLetterQueueUrl,
          db: clients.db,
        },
        ...{ resultCollection: DEMO_RESULT_COLLECTION, testDate: DEMO_TEST_DATE, csvPath: options.csvPath },
      });
      return {
        records: options.records,
        source: options.source,
        seeded: countKinds(ledger),
        outcomes: run.outcomes,
        results_in_mongo: world.results.length,
        csv_rows: world.csvRows.length,
        dead_letters: world.deadLetters.length,
        wall_seconds: rounded((Date.now() - options.startedAtMs) / 1000),
        run_seconds: rounded(runSeconds),
        recordings_per_minute: Math.round((run.outcomes.completed / runSeconds) * 60),
        ...(peak === undefined ? {} : { peak_rss_mb: peak }),
        history,
        most_anomalous: await mostAnomalous(clients.db),
        csv_path: options.csvPath,
        endpoints: namedEndpoints(stack.endpoints),
        differences: [...differences(ledger, world), ...countDifferences(ledger, world, run)],
      };
    },
    env['MONGO_DB_NAME'],
  );
}

async function startAndFollow(
  address: string,
  env: Readonly<Record<string, string>>,
  inherited: Environment,
  ledger: Ledger,
  worker: GuardedProcess,
  log: (line: string) => void,
): Promise<{ summary: DiscoverySummary; history: DemoSummary['history']; peak: GroupMemory | undefined }> {
  const connection = await Connection.connect({ address });
  try {
    // Everybody who speaks to the worker's runs needs the worker's keys.
    const { PAYLOAD_ENCRYPTION_KEYS: keys } = loadSettings(
      inherited,
      pick(BASE_SETTINGS, 'PAYLOAD_ENCRYPTION_KEYS'),
    );
    const client = new Client({
      connection,
      namespace: env['TEMPORAL_NAMESPACE'] ?? 'default',
      dataConverter: createDataConverter(keys),
    });
    const input: DiscoveryInput = { test_date: DEMO_TEST_DATE, mode: 'backfill' };
    const handle = await client.workflow.start(WORKFLOW_TYPES.discovery, {
      taskQueue: env['TASK_QUEUE'] ?? '',
      workflowId: discoveryWorkflowId(STACK_SOURCE_COLLECTION, DEMO_TEST_DATE),
      args: [input],
      ...discoveryTitle(input, '`npm run demo`'),
    });
    const memory = new PeakMemory();
    const view = progressView(expectedDeliveries(ledger), log);
    try {
      const summary = await followRun(handle, worker, view.show, () => memory.look(worker.groupId));
      const { historyLength: events, historySize: bytes } = await handle.describe();
      return { summary, history: { events, bytes: bytes ?? 0 }, peak: memory.peak };
    } finally {
      view.end();
    }
  } finally {
    await connection.close();
  }
}

/** Deliveries that the ledger leads one to expect: for the progress bar's length. */
export function expectedDeliveries(ledger: Ledger): number {
  return ledger.entries.reduce((sum, { kind, deliveries }) => {
    const expected = SEED_KINDS[kind];
    if (expected === 'left_as_it_is') return sum;
    return sum + (expected === 'dead_lettered' ? ledger.maxReceiveCount : deliveries);
  }, 0);
}

/** The workflow's own counts against what is there: both must tell the same story. */
export function countDifferences(
  ledger: Ledger,
  world: World,
  run: Pick<DiscoverySummary, 'outcomes'>,
): string[] {
  const inCsv = (outcome: string): number =>
    world.csvRows.filter(({ processing_status: status }) => status === outcome).length;
  const malformed = ledger.entries.filter(
    ({ kind }) => EXPECTED_OUTCOMES[SEED_KINDS[kind]] === EXPECTED_OUTCOMES.dropped,
  ).length;
  return OUTCOMES.flatMap((outcome) => {
    const there = outcome === 'malformed' ? malformed : inCsv(outcome);
    const counted = run.outcomes[outcome];
    return there === counted ? [] : [`the run counted ${counted} ${outcome}, but there are ${there}`];
  });
}

/** The highest scores, each recording once: the recordings share few samples. */
async function mostAnomalous(db: Db): Promise<DemoSummary['most_anomalous']> {
  const results = db
    .collection<ResultDocument>(DEMO_RESULT_COLLECTION)
    .find()
    .sort({ 'inference.anomaly_score': -1 });
  const found = new Map<string, DemoSummary['most_anomalous'][number]>();
  for await (const result of results) {
    const described = describeResult(result);
    if (!found.has(described.recording)) found.set(described.recording, described);
    if (found.size === MOST_ANOMALOUS) break;
  }
  return [...found.values()];
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
