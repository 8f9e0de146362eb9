import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ExportJobStatus } from '../../../src/pipelines/exports/contract/job-status.js';
import {
  FakeExport,
  createExportEnvironment,
  exportResult,
  withExportWorkers,
} from './export-environment.js';
import { until } from '../../until.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createExportEnvironment();
});
afterAll(() => environment.teardown());

/** Runs a job to its end. */
async function run(fake: FakeExport, changes: Parameters<FakeExport['activities']>[0] = {}) {
  return withExportWorkers(environment, fake, fake.activities(changes), async () => {
    const handle = await fake.start(environment);
    const result = await handle.result();
    return { result, handle, status: await handle.query<ExportJobStatus>('status') };
  });
}

describe('a job', () => {
  test('goes from the check to the result, and says how it ended', async () => {
    const fake = new FakeExport(3);
    const { result, status } = await run(fake);
    expect(result).toMatchObject({ state: 'succeeded', files: { listed: 3 } });
    expect(fake.calls).toEqual([
      'checkJob',
      'awaitReady',
      'listPages',
      'dispatchTasks',
      'dispatchTasks',
      'joinResult',
      'acknowledge',
    ]);
    expect(status).toMatchObject({
      status: 'completed',
      stage: 'ended',
      files: { listed: 3, all_listed: true, settled: 3 },
      result: { state: 'succeeded' },
    });
  });

  test('puts an attempt before it aside, before it asks anything', async () => {
    const fake = new FakeExport(1);
    const plan = fake.plan({ attempt: 2, acknowledges: false });
    await run(fake, { checkJob: () => Promise.resolve({ plan, begins: true }) });
    expect(fake.calls.slice(0, 3)).toEqual(['checkJob', 'beginAttempt', 'awaitReady']);
    expect(fake.calls).not.toContain('acknowledge');
  });

  test('of no files succeeds without a look', async () => {
    const fake = new FakeExport(0);
    expect((await run(fake)).result).toMatchObject({ state: 'succeeded' });
    expect(fake.calls).not.toContain('dispatchTasks');
  });

  test('that is done already writes nothing', async () => {
    const fake = new FakeExport(3);
    const done = { ...exportResult(), state: 'already_done', ended_as: 'succeeded' } as const;
    const { checkJob } = { checkJob: () => Promise.resolve({ done }) };
    const result = await withExportWorkers(environment, fake, fake.activities({ checkJob }), async () =>
      (await fake.start(environment)).result(),
    );
    expect(result).toEqual(done);
    expect(fake.calls).toEqual(['checkJob']);
  });

  test('that a message delivered again would begin anew fails as it did, so that another message can', async () => {
    const fake = new FakeExport(3);
    const done = { ...exportResult(), state: 'already_done', ended_as: 'failed' } as const;
    const { checkJob } = { checkJob: () => Promise.resolve({ done }) };
    const failure = await withExportWorkers(environment, fake, fake.activities({ checkJob }), async () =>
      (await fake.start(environment)).result().catch((error: unknown) => error),
    );
    expect((failure as { cause: { type: string } }).cause).toMatchObject({ type: 'ExportFailed' });
    expect(fake.calls).toEqual(['checkJob']);
  });

  test('sends more as files are settled, never more than its share', async () => {
    const fake = new FakeExport(40, 8);
    const { result } = await run(fake);
    expect(result).toMatchObject({ state: 'succeeded' });
    expect(fake.sent).toBe(40);
  });

  test('waits for an export that is not ready, and keeps no slot and no history for it', async () => {
    const fake = new FakeExport(1);
    let asked = 0;
    const awaitReady = () => {
      asked += 1;
      if (asked < 30) throw new Error('not ready');
      return Promise.resolve({ ready: {} });
    };
    const { handle } = await run(fake, { awaitReady });
    const { events } = await handle.fetchHistory();
    expect(asked).toBe(30);
    expect(events!.length).toBeLessThan(100);
  });

  test.each(['export_failed', 'export_unknown', 'not_ready_in_time'] as const)(
    'that the API answers with %s fails with the reason, and has its result',
    async (reason) => {
      const fake = new FakeExport(3);
      const refused = { reason, detail: 'So it says.' };
      const attempt = run(fake, { awaitReady: () => Promise.resolve({ refused }) });
      await expect(attempt).rejects.toMatchObject({
        cause: {
          type: 'ExportFailed',
          message: expect.stringContaining(`failed: ${reason}: So it says.`) as string,
        },
      });
      expect(fake.joins).toMatchObject([{ ended: { state: 'failed', reason } }]);
      expect(fake.calls).not.toContain('stopTasks');
    },
  );

  test('whose listing goes in circles stops the tasks that are out before its result', async () => {
    const fake = new FakeExport(3);
    fake.onSent = () => undefined;
    let pages = 0;
    const listPages = async () => {
      pages += 1;
      if (pages === 1) return { listed: 2, all_listed: false };
      await until(() => fake.sent >= 2, 0);
      return { refused: { reason: 'cursor_loop' as const, detail: 'It repeats.' } };
    };
    await expect(run(fake, { listPages })).rejects.toMatchObject({ cause: { type: 'ExportFailed' } });
    expect(fake.calls.slice(-4)).toEqual(['stopTasks', 'abortUploads', 'joinResult', 'acknowledge']);
  });

  test('is woken by settled files, and ends within seconds of the last one', async () => {
    const fake = new FakeExport(3);
    fake.onSent = () => {
      fake.settled = 3;
      void environment.client.workflow.getHandle(fake.workflowId).signal('wake', 3);
    };
    const { handle } = await run(fake);
    expect(await secondsOf(handle)).toBeLessThan(10);
    expect(fake.dispatches).toHaveLength(2);
  });

  test('that no wake-up reaches looks by itself after a minute', async () => {
    const fake = new FakeExport(3);
    const { handle } = await run(fake);
    expect(await secondsOf(handle)).toBeGreaterThanOrEqual(60);
    expect(fake.dispatches).toHaveLength(2);
  });
});

/** By the server's clock. */
async function secondsOf(handle: WorkflowHandle): Promise<number> {
  const { startTime, closeTime } = await handle.describe();
  return (closeTime!.getTime() - startTime.getTime()) / 1000;
}
