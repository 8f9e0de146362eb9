import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ingestWorkflow } from '../../../src/workflows/recordings/ingest.js';
import { createWorkflowEnvironment } from '../workflow-environment.js';
import { FakeRun, discoveryPlan, startBatch, withWorkers } from './fake-run.js';

/**
 * A run of 900,000 is 9,000 batches, and the server suggests a fresh history at 4,096 events or 4 MB: at these bounds
 * a parent conducts more than 300 batches between two of them, each of which makes the lanes wait for each other once.
 * A child tells of three things (asked for, started, ended). The latter two each cost the three events of a workflow
 * task, or share one with another lane's: that varies with the machine, so all events have the looser bound.
 */
const PARENT_PER_BATCH = { events: 4, eventsWithWorkflowTasks: 13, bytes: 3_000 };
/** A batch's own history is kept for the namespace's retention: 9,000 of them must stay below 100 MB. */
const BATCH = { events: 50, bytes: 11_000 };

const BATCHES = 40;
const BATCH_SIZE = 100;

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createWorkflowEnvironment();
});
afterAll(() => environment.teardown());

interface HistorySize {
  readonly events: number;
  readonly workflowTaskEvents: number;
  readonly bytes: number;
}

async function historyOf(handle: WorkflowHandle): Promise<HistorySize> {
  const history = await handle.fetchHistory();
  const { length } = temporal.api.history.v1.History.encode(history).finish();
  const events = history.events ?? [];
  return {
    events: events.length,
    workflowTaskEvents:
      events.filter((event) => event.workflowTaskScheduledEventAttributes != null).length * 3,
    bytes: length,
  };
}

test("a batch adds few events and bytes to its parent's history", async () => {
  const fake = new FakeRun(0);
  fake.waiting = BATCHES * BATCH_SIZE;
  const history = await withWorkers(environment, fake.taskQueue, fake.activities(), async () => {
    const handle = await environment.client.workflow.start<typeof ingestWorkflow>('ingestWorkflow', {
      taskQueue: fake.taskQueue,
      workflowId: `ingest:${randomUUID()}`,
      args: [{ until_empty: true }],
    });
    expect((await handle.result()).batches).toBe(BATCHES);
    return historyOf(handle);
  });
  const own = history.events - history.workflowTaskEvents;
  expect(own / BATCHES).toBeLessThanOrEqual(PARENT_PER_BATCH.events);
  expect(history.events / BATCHES).toBeLessThanOrEqual(PARENT_PER_BATCH.eventsWithWorkflowTasks);
  expect(history.bytes / BATCHES).toBeLessThanOrEqual(PARENT_PER_BATCH.bytes);
});

test("a batch's own history is short, however many recordings it holds", async () => {
  const fake = new FakeRun(0);
  fake.waiting = BATCH_SIZE;
  const history = await withWorkers(environment, fake.taskQueue, fake.activities(), async () => {
    const handle = await startBatch(environment, fake);
    expect((await handle.result()).received).toBe(BATCH_SIZE);
    return historyOf(handle);
  });
  expect(history.events).toBeLessThanOrEqual(BATCH.events);
  expect(history.bytes).toBeLessThanOrEqual(BATCH.bytes);
});

test('no run of the parent outgrows one continue-as-new cycle, however many batches it conducts', async () => {
  const limit = 150;
  const lanes = 4;
  const fake = new FakeRun(0, discoveryPlan({ history_event_limit: limit }));
  fake.waiting = BATCHES * BATCH_SIZE;
  await withWorkers(environment, fake.taskQueue, fake.activities(), async () => {
    const { workflow } = environment.client;
    const workflowId = `ingest:${randomUUID()}`;
    const handle = await workflow.start<typeof ingestWorkflow>('ingestWorkflow', {
      taskQueue: fake.taskQueue,
      workflowId,
      args: [{ until_empty: true }],
    });
    expect((await handle.result()).batches).toBe(BATCHES);

    let runId: string | undefined = handle.firstExecutionRunId;
    let runs = 0;
    while (runId !== undefined) {
      const history: Awaited<ReturnType<WorkflowHandle['fetchHistory']>> = await workflow
        .getHandle(workflowId, runId)
        .fetchHistory();
      const events = history.events ?? [];
      // What is under way when the limit is reached still ends, and is told of.
      const most = limit + (lanes + 1) * PARENT_PER_BATCH.eventsWithWorkflowTasks;
      expect(events.length).toBeLessThanOrEqual(most);
      runs += 1;
      const last = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
      runId = last?.newExecutionRunId ?? undefined;
    }
    expect(runs).toBeGreaterThan(1);
  });
});
