import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { discoveryTitle } from '../../../src/pipelines/recordings/contract/run-titles.js';
import { WORKFLOW_TYPES } from '../../../src/pipelines/recordings/contract/names.js';
import { createTemporalRuns } from '../../../src/temporal/runs/temporal-runs.js';
import type { nightlyWorkflow } from '../../../src/workflows/recordings/nightly.js';
import { createRealTimeEnvironment } from '../workflow-environment.js';
import { FakeRun, discoveryPlan, withWorkers } from './fake-run.js';

/** What people read in the Web UI; the time-skipping server does not keep it. */
let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createRealTimeEnvironment();
});
afterAll(() => environment.teardown());

async function titleOf(workflowId: string, runId?: string): Promise<[string, string]> {
  const described = await environment.client.workflow.getHandle(workflowId, runId).describe();
  return [(await described.staticSummary()) ?? '', (await described.staticDetails()) ?? ''];
}

/** Activity types of a history with what each says of itself. */
async function activitySummaries(handle: WorkflowHandle): Promise<Map<string, string>> {
  const { events } = await handle.fetchHistory();
  return new Map(
    (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: activity, userMetadata }) =>
      activity == null
        ? []
        : [
            [
              activity.activityType?.name ?? '',
              userMetadata?.summary == null
                ? ''
                : defaultPayloadConverter.fromPayload<string>(userMetadata.summary),
            ],
          ],
    ),
  );
}

/** A batch waits from the start, and nobody waits for the queue to be empty. */
const quickRun = (): FakeRun => {
  const fake = new FakeRun(300, discoveryPlan({ await_queue: false, history_event_limit: 50 }));
  fake.plan.limits.discovery_batch_size = 20;
  fake.waiting = 100;
  return fake;
};

test('a date that a person starts, its batches and all their activities say what they are', async () => {
  const fake = quickRun();
  const workflowId = `discovery:${randomUUID()}`;
  const input = { test_date: '2025-12-20', max_records: 300 };
  const { client } = environment;
  await withWorkers(environment, fake.taskQueue, fake.activities(), async () => {
    const { runId } = await createTemporalRuns(client).start({
      workflowType: WORKFLOW_TYPES.discovery,
      workflowId,
      taskQueue: fake.taskQueue,
      input,
      title: discoveryTitle(input, '`vachan start`'),
    });
    const handle = client.workflow.getHandle(workflowId);
    await handle.result();

    const [summary, details] = await titleOf(workflowId, runId);
    expect(summary).toBe('Recordings of 2025-12-20');
    expect(details).toContain('**Started by** `vachan start`');
    expect(details).toContain('**max_records** 300');
    // Temporal does not hand the summary on when a run continues as new: its current details go on saying it.
    expect((await handle.describe()).runId).not.toBe(runId);
    const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('**2025-12-20** · backfill · **completed**');

    const said = await activitySummaries(client.workflow.getHandle(workflowId, runId));
    for await (const { type, workflowId: id } of client.workflow.list()) {
      if (type !== WORKFLOW_TYPES.inference) continue;
      expect((await titleOf(id))[0]).toMatch(/^Batch \d+ of recordings, up to 100 recordings$/);
      for (const [name, words] of await activitySummaries(client.workflow.getHandle(id)))
        said.set(name, words);
    }
    expect([...said.keys()]).toEqual(
      expect.arrayContaining([
        'prepareDiscovery',
        'discoverPage',
        'saveState',
        'receiveBatch',
        'acknowledge',
      ]),
    );
    expect([...said].filter(([, words]) => words === '')).toEqual([]);
  });
});

test('a date that a schedule starts names what started it', async () => {
  const fake = quickRun();
  const id = `discovery:${randomUUID()}`;
  const activities = fake.activities({
    prepareNight: () => Promise.resolve({ workflow_id: id, input: { test_date: '2025-12-20' } }),
  });
  await withWorkers(environment, fake.taskQueue, activities, async () => {
    const nightly = `nightly:vachan-nightly-${randomUUID()}`;
    await environment.client.workflow.execute<typeof nightlyWorkflow>('nightlyWorkflow', {
      taskQueue: fake.taskQueue,
      workflowId: nightly,
      args: [{}],
    });
    const [summary, details] = await titleOf(id);
    expect(summary).toBe('Recordings of 2025-12-20');
    expect(details).toContain(`**Started by** \`${nightly}\``);
    await environment.client.workflow.getHandle(id).result();
  });
});
