import { randomUUID } from 'node:crypto';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { checkingActivities, config } from './checking-activities.js';
import { createRealTimeEnvironment } from '../workflow-environment.js';
import { FakeRun, discoveryPlan, withWorkers, type FakeActivities } from './fake-run.js';
import { long, nested, manyFields, expectReadable } from '../shared/hostile-values.js';

/** The server's own limits on payloads are part of what is tried, which the time-skipping server lacks. */
let environment: TestWorkflowEnvironment;
// Some dozens of runs and megabytes a test, on whatever machine.
jest.setTimeout(240_000);
beforeAll(async () => {
  environment = await createRealTimeEnvironment();
});
afterAll(() => environment.teardown());

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

async function failureOf(fake: FakeRun, workflowType: string, args: unknown[]): Promise<ApplicationFailure> {
  const handle = await environment.client.workflow.start(workflowType, {
    taskQueue: fake.taskQueue,
    workflowId: randomUUID(),
    args,
  });
  const error: unknown = await handle.result().catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  return cause as ApplicationFailure;
}

describe.each(Object.keys(USUAL))('%s', (workflowType) => {
  it('fails with one readable sentence on whatever it is started with, and serves the next', async () => {
    const fake = new FakeRun(0);
    await withWorkers(environment, fake.taskQueue, checkingActivities(fake), async () => {
      for (const [, args] of hostileInputs(workflowType)) {
        const failure = await failureOf(fake, workflowType, args);
        expect(failure.type).toBe('InvalidInput');
        expectReadable(failure.message);
      }
    });
  });
});

it('takes nothing from an argument that only a run continued as new has', async () => {
  const fake = new FakeRun(0, discoveryPlan({ empty_confirm_seconds: 0 }));
  const activities = fake.activities();
  const prepareIngest: FakeActivities['prepareIngest'] = async (input) => ({
    ...(await activities.prepareIngest(input)),
    empty_confirm_seconds: 0,
  });
  await withWorkers(environment, fake.taskQueue, { ...activities, prepareIngest }, async () => {
    for (const workflowType of ['discoveryWorkflow', 'ingestWorkflow']) {
      for (const carried of [{}, 1, { plan: null, dispatch: 'x' }, { paused: true, plan: {}, note: long }]) {
        const handle = await environment.client.workflow.start(workflowType, {
          taskQueue: fake.taskQueue,
          workflowId: randomUUID(),
          args: [USUAL[workflowType], carried],
        });
        await expect(handle.result()).resolves.toMatchObject({ status: 'completed' });
      }
    }
  });
});
