import { randomUUID } from 'node:crypto';
import { ApplicationFailure, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { RawValue } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { atActivityBoundary } from '../../../src/activities/shared/activity-boundary.js';
import { recordingReader } from '../../../src/activities/recordings/recording-delivery.js';
import { createReceiveActivity } from '../../../src/activities/shared/receive-batch.js';
import { createPrepareActivities } from '../../../src/activities/recordings/prepare-run.js';
import { loadSettings } from '../../../src/platform/config/load-settings.js';
import type { DiscoverySummary } from '../../../src/pipelines/recordings/contract/workflow-results.js';
import { silentLogger } from '../../../src/platform/logging/logger.js';
import type { discoveryWorkflow } from '../../../src/workflows/recordings/discovery.js';
import {
  FakeNight,
  createRealTimeEnvironment,
  discoveryPlan,
  withWorkers,
  type FakeActivities,
} from '../workflow-environment.js';
import { BASE_SETTINGS } from '../../../src/platform/config/base-settings.js';
import { RECORDINGS_SETTINGS } from '../../../src/pipelines/recordings/settings/index.js';

/** The server's own limits on payloads are part of what is tried, which the time-skipping server lacks. */
let environment: TestWorkflowEnvironment;
// Some dozens of runs and megabytes a test, on whatever machine.
jest.setTimeout(240_000);
beforeAll(async () => {
  environment = await createRealTimeEnvironment();
});
afterAll(() => environment.teardown());

/** Longer than any message has a reason to be. */
const MESSAGE_CHARACTERS = 4_000;

const MEGABYTE = 1_000_000;
const long = 'ढ़\u0301\u0323'.repeat(MEGABYTE / 8);

const config = loadSettings(
  {
    SQS_QUEUE_URL: 'http://localhost:4566/000000000000/recordings',
    MONGO_URI: 'mongodb://localhost:27017',
  },
  BASE_SETTINGS,
  RECORDINGS_SETTINGS,
);

function activitiesOf(night: FakeNight): FakeActivities {
  const prepare = createPrepareActivities({
    config,
    source: { sourceCollection: 'student_assessment_record' },
    states: { load: () => Promise.resolve(null) },
    queueFor: () => {
      throw new Error('a wrong input must not get this far');
    },
    log: silentLogger,
  });
  const receive = createReceiveActivity({
    reader: recordingReader('recording'),
    store: undefined as never,
    queueFor: () => {
      throw new Error('a wrong input must not get this far');
    },
    hostTaskQueue: 'none',
    visibilityTimeoutSeconds: 30,
    maxBatchWaitSeconds: 1,
    malformedMessages: 'delete',
    findDeadLetters: () => Promise.resolve(undefined),
    log: silentLogger,
  });
  return atActivityBoundary({ ...night.activities(), ...prepare, ...receive }, silentLogger);
}

/** Arrays in arrays, deeper than `JSON.stringify` can walk them, so written by hand. */
function nested(depth: number, around: (json: string) => string = (json) => json): RawValue {
  return RawValue.fromPayload({
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from(around(`${'['.repeat(depth)}1${']'.repeat(depth)}`)),
  });
}

/** Each workflow's own fields, so that what is hostile about an input is the one thing. */
const USUAL: Record<string, Record<string, unknown>> = {
  discoveryWorkflow: { test_date: '2025-12-20' },
  ingestWorkflow: { until_empty: true },
  inferenceWorkflow: { queue_url: config.SQS_QUEUE_URL, batch_size: 10 },
  nightlyWorkflow: { time_zone: 'Asia/Kolkata' },
};

const TEXT_FIELDS: Record<string, readonly string[]> = {
  discoveryWorkflow: ['test_date', 'mode', 'subject_name', 'queue_url'],
  ingestWorkflow: ['queue_url'],
  inferenceWorkflow: ['queue_url'],
  nightlyWorkflow: ['time_zone'],
};

const manyFields = Object.fromEntries(
  Array.from({ length: 50_000 }, (_, at) => [`field_${at}\u001B[2J`, at]),
);

/** Inputs that no person means, as argument lists. */
function hostileInputs(workflowType: string): [string, unknown[]][] {
  const usual = USUAL[workflowType]!;
  return [
    ['a number', [1e308]],
    ['a text of a megabyte', [long]],
    ['a list of a hundred thousand', [Array.from({ length: 100_000 }, () => 0)]],
    ['a hundred thousand levels', [nested(100_000)]],
    [
      'a hundred thousand levels in a field',
      [
        nested(100_000, (json) =>
          JSON.stringify({ ...usual, batch_size: 0 }).replace('"batch_size":0', `"batch_size":${json}`),
        ),
      ],
    ],
    ['fifty thousand fields', [{ ...usual, ...manyFields }]],
    ['a name of a megabyte', [{ ...usual, [long]: 1 }]],
    [
      'a prototype',
      [{ ...usual, ...(JSON.parse('{"__proto__":{"batch_size":1},"constructor":1}') as object) }],
    ],
    [
      'numbers that are none',
      [{ ...usual, batch_size: Number.NaN, max_concurrency: Number.POSITIVE_INFINITY }],
    ],
    ...TEXT_FIELDS[workflowType]!.flatMap((field): [string, unknown[]][] => [
      [`a ${field} of a megabyte`, [{ ...usual, [field]: long }]],
      [`a ${field} that a terminal acts on`, [{ ...usual, [field]: '\u001B]0;x\u0007\u202E\0\n' }]],
    ]),
  ].filter(([, [input]]) => input !== undefined) as [string, unknown[]][];
}

async function failureOf(
  night: FakeNight,
  workflowType: string,
  args: unknown[],
): Promise<ApplicationFailure> {
  const handle = await environment.client.workflow.start(workflowType, {
    taskQueue: night.taskQueue,
    workflowId: randomUUID(),
    args,
  });
  const error: unknown = await handle.result().catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  return cause as ApplicationFailure;
}

function expectReadable(message: string): void {
  expect(message.length).toBeLessThan(MESSAGE_CHARACTERS);
  // eslint-disable-next-line no-control-regex -- these are what must not be left
  expect(message).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E]/);
}

describe.each(Object.keys(USUAL))('%s', (workflowType) => {
  it('fails with one readable sentence on whatever it is started with, and serves the next', async () => {
    const night = new FakeNight(0);
    await withWorkers(environment, night.taskQueue, activitiesOf(night), async () => {
      for (const [, args] of hostileInputs(workflowType)) {
        const failure = await failureOf(night, workflowType, args);
        expect(failure.type).toBe('InvalidInput');
        expectReadable(failure.message);
      }
    });
  });
});

it('takes nothing from an argument that only a run continued as new has', async () => {
  const night = new FakeNight(0, discoveryPlan({ empty_confirm_seconds: 0 }));
  const activities = night.activities();
  const prepareIngest: FakeActivities['prepareIngest'] = async (input) => ({
    ...(await activities.prepareIngest(input)),
    empty_confirm_seconds: 0,
  });
  await withWorkers(environment, night.taskQueue, { ...activities, prepareIngest }, async () => {
    for (const workflowType of ['discoveryWorkflow', 'ingestWorkflow']) {
      for (const carried of [{}, 1, { plan: null, dispatch: 'x' }, { paused: true, plan: {}, note: long }]) {
        const handle = await environment.client.workflow.start(workflowType, {
          taskQueue: night.taskQueue,
          workflowId: randomUUID(),
          args: [USUAL[workflowType], carried],
        });
        await expect(handle.result()).resolves.toMatchObject({ status: 'completed' });
      }
    }
  });
});

/** A run that waits for more, with a short history so that it continues as new after a few messages. */
async function withRunningDiscovery(
  work: (handle: WorkflowHandle) => Promise<void>,
): Promise<DiscoverySummary> {
  const night = new FakeNight(0, discoveryPlan({ mode: 'incremental', history_event_limit: 50 }));
  return withWorkers(environment, night.taskQueue, night.activities(), async () => {
    const workflowId = randomUUID();
    await environment.client.workflow.start<typeof discoveryWorkflow>('discoveryWorkflow', {
      taskQueue: night.taskQueue,
      workflowId,
      args: [{ test_date: '2025-12-20' }],
    });
    // Without a run id: the run that is open now.
    const handle = environment.client.workflow.getHandle(workflowId);
    // An update waits until the run is prepared; a query does not.
    await handle.executeUpdate('set_limits', { args: [{ batch_size: 100 }] });
    await work(handle);
    await handle.signal('drain');
    return (await handle.result()) as DiscoverySummary;
  });
}

it('refuses hostile limits with a readable sentence and goes on', async () => {
  const hostile: unknown[][] = [
    [],
    [null],
    [long],
    [Array.from({ length: 100_000 }, () => 0)],
    [nested(100_000)],
    [{ max_records: long.slice(0, 900_000) }],
    [{ max_records: '\u001B[2J\u202E' }],
    [{ max_records: Array.from({ length: 100_000 }, () => 0) }],
    [nested(100_000, (json) => `{"batch_size":${json}}`)],
    [{ batch_size: Number.NaN }],
    [manyFields],
    [{ [long]: 1 }],
    [JSON.parse('{"__proto__":{"max_records":1}}')],
    [{ constructor: 1, toString: 2 }],
  ];
  const result = await withRunningDiscovery(async (handle) => {
    for (const args of hostile) {
      const error: unknown = await handle
        .executeUpdate('set_limits', { args: args as [unknown] })
        .catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(Error);
      const { cause } = error as Error;
      expect(cause).toBeInstanceOf(ApplicationFailure);
      expectReadable((cause as Error).message);
    }
    await expect(handle.executeUpdate('set_limits', { args: [{ batch_size: 7 }] })).resolves.toMatchObject({
      batch_size: 7,
    });
  });
  expect(result).toMatchObject({ status: 'stopped', limits: { batch_size: 7, max_records: null } });
});

it('keeps nothing of what comes with a signal or a query', async () => {
  const result = await withRunningDiscovery(async (handle) => {
    for (let round = 0; round < 4; round += 1) {
      for (const args of [[long], [nested(100_000)], [manyFields, long.slice(0, 1000)]]) {
        await handle.signal('pause', ...args);
        await handle.signal('resume', ...args);
        await expect(handle.query('status', ...args)).resolves.toMatchObject({ test_date: '2025-12-20' });
      }
    }
    const { runId } = await handle.describe();
    const { events } = await environment.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(started?.continuedExecutionRunId).not.toBe('');
    const carried = (started?.input?.payloads ?? []).reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
    expect(carried).toBeLessThan(10_000);
  });
  expect(result).toMatchObject({ status: 'stopped' });
});
