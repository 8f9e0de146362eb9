import { randomUUID } from 'node:crypto';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { checkingActivities } from './checking-activities.js';
import { createWorkflowEnvironment } from '../workflow-environment.js';
import { FakeRun, withWorkers } from './fake-run.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createWorkflowEnvironment();
});
afterAll(() => environment.teardown());

/** The failure that the person who started the workflow reads. */
async function failureOf(workflowType: string, input: unknown): Promise<ApplicationFailure> {
  const fake = new FakeRun(0);
  const activities = checkingActivities(fake);
  return withWorkers(environment, fake.taskQueue, activities, async () => {
    const handle = await environment.client.workflow.start(workflowType, {
      taskQueue: fake.taskQueue,
      workflowId: randomUUID(),
      args: [input],
    });
    const error: unknown = await handle.result().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(WorkflowFailedError);
    const { cause } = error as WorkflowFailedError;
    expect(cause).toBeInstanceOf(ApplicationFailure);
    return cause as ApplicationFailure;
  });
}

test('a discovery with a wrong date, mode and field fails at once and names all three', async () => {
  const failure = await failureOf('discoveryWorkflow', { test_date: '2025-02-30', mode: 'full', speed: 1 });
  expect(failure.type).toBe('InvalidInput');
  expect(failure.message).toContain('test_date: expected a calendar date as YYYY-MM-DD');
  expect(failure.message).toContain('(got "2025-02-30")');
  expect(failure.message).toContain('mode:');
  expect(failure.message).toContain('"speed"');
});

test('a discovery without any input fails at once', async () => {
  const failure = await failureOf('discoveryWorkflow', undefined);
  expect(failure.message).toContain('discoveryWorkflow: input:');
});

test('a queue that the worker may not use is refused by name', async () => {
  const failure = await failureOf('discoveryWorkflow', {
    test_date: '2025-12-20',
    queue_url: 'https://sqs.ap-south-1.amazonaws.com/1/other',
  });
  expect(failure.message).toContain('https://sqs.ap-south-1.amazonaws.com/1/other');
  expect(failure.message).toContain('SQS_ALLOWED_QUEUE_URLS');
});

test('an ingest with a wrong limit fails at once and names it', async () => {
  const failure = await failureOf('ingestWorkflow', { batch_size: 0 });
  expect(failure).toMatchObject({ type: 'InvalidInput' });
  expect(failure.message).toContain('batch_size:');
});

test('an inference without a queue fails at once and names it', async () => {
  const failure = await failureOf('inferenceWorkflow', { batch_size: 10 });
  expect(failure).toMatchObject({ type: 'InvalidInput' });
  expect(failure.message).toContain('queue_url:');
});

test('a nightly run in a time zone that does not exist fails at once and names it', async () => {
  const failure = await failureOf('nightlyWorkflow', { time_zone: 'Asia/Poona' });
  expect(failure).toMatchObject({ type: 'InvalidInput' });
  expect(failure.message).toContain('"Asia/Poona"');
});
