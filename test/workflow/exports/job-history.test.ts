import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { FakeExport, createExportEnvironment, withJob } from './export-environment.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createExportEnvironment();
});
afterAll(() => environment.teardown());

describe('the history of a job', () => {
  test('of ten thousand files in 160 tasks has at most 2,000 events a run', async () => {
    const fake = new FakeExport(160);
    fake.onSent = (of) => {
      of.settled = of.sent;
      const handle = environment.client.workflow.getHandle(of.workflowId);
      for (let n = 0; n < 8; n++) void handle.signal('wake', 1).catch(() => undefined);
    };
    await withJob(environment, fake, async (handle) => {
      expect(await handle.result()).toMatchObject({ state: 'succeeded' });
      const { events } = await handle.fetchHistory();
      expect(events!.length).toBeLessThan(2_000);
    });
  });

  test('begins anew when it is long, and the job goes on where it was', async () => {
    const fake = new FakeExport(200);
    const checkJob = () => Promise.resolve({ plan: fake.plan({ history_event_limit: 100 }), begins: true });
    await withJob(
      environment,
      fake,
      async (handle) => {
        expect(await handle.result()).toMatchObject({ state: 'succeeded' });
        const { events } = await handle.fetchHistory();
        expect(events!.length).toBeLessThan(200);
        expect(events![0]!.workflowExecutionStartedEventAttributes!.continuedExecutionRunId).not.toBe('');
      },
      { checkJob },
    );
    expect(fake.sent).toBe(200);
    expect(
      fake.calls.filter((name) => ['checkJob', 'beginAttempt', 'awaitReady'].includes(name)),
    ).toHaveLength(3);
  });
});
