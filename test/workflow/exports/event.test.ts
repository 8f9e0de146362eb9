import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { EventActivities } from '../../../src/activities/exports/activity-types.js';
import { eventWorkflowId } from '../../../src/pipelines/exports/contract/event.js';
import type { exportEventWorkflow } from '../../../src/workflows/exports/event.js';
import { FakeExport, createExportEnvironment, withExportWorkers } from './export-environment.js';

// Each has a server of its own: once a child workflow has outlived its parent, the server does not skip time any more.
let environment: TestWorkflowEnvironment;
beforeEach(async () => {
  environment = await createExportEnvironment();
});
afterEach(() => environment.teardown());

/** Runs a job to its end, and then the workflow that tells of it. */
async function run(
  tells: boolean,
  send: EventActivities['sendEvent'],
  changes: Partial<EventActivities> = {},
) {
  const fake = new FakeExport(1);
  const calls: string[] = [];
  const activities = {
    ...fake.activities({
      checkJob: () => Promise.resolve({ plan: fake.plan({ ...(tells && { tells }) }), begins: false }),
    }),
    recordEvent: ({ export_id: id, attempt }: { export_id: string; attempt: number }) => {
      calls.push(`record ${id === fake.exportId} ${attempt}`);
      return Promise.resolve({ event_id: 'e1', wait_ms: 0 });
    },
    sendEvent: (input: { event_id: string }) => {
      calls.push(`send ${input.event_id}`);
      return send(input);
    },
    ...changes,
  };
  const event = environment.client.workflow.getHandle<typeof exportEventWorkflow>(
    eventWorkflowId({ source: 'default', export_id: fake.exportId, attempt: 1 }),
  );
  return withExportWorkers(environment, fake, activities, async () => {
    const result = await (await fake.start(environment)).result();
    return { result, calls, told: tells ? await event.result() : undefined };
  });
}

describe('the end of an export', () => {
  test('is told to nobody where nobody wants to know', async () => {
    const { calls } = await run(false, () => Promise.resolve({ outcome: 'delivered' }));
    expect(calls).toEqual([]);
  });

  test('is not told again where it has been', async () => {
    const { told } = await run(true, () => Promise.reject(new Error('not expected')), {
      recordEvent: () => Promise.resolve(null),
    });
    expect(told).toEqual({ event: 'nothing_to_tell' });
  });

  test('is told by a workflow of its own, however long the receiver is away', async () => {
    const answers = [
      { outcome: 'failed', wait_ms: 5_000 },
      { outcome: 'failed', wait_ms: 86_400_000 },
    ] as const;
    let tries = 0;
    const { result, calls, told } = await run(true, () =>
      Promise.resolve(answers[tries++] ?? { outcome: 'delivered' }),
    );
    expect(result).toMatchObject({ state: 'succeeded' });
    expect(told).toEqual({ event: 'delivered' });
    expect(calls).toEqual(['record true 1', 'send e1', 'send e1', 'send e1']);
  });
});
