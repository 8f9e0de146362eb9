import { CancelledFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ExportJobStatus } from '../../../src/pipelines/exports/contract/job-status.js';
import {
  FakeExport,
  createExportEnvironment,
  withExportWorkers,
  withJob,
  type JobHandle,
} from './export-environment.js';
import { until } from '../../until.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createExportEnvironment();
});
afterAll(() => environment.teardown());

/** Asks until the job says so. */
const untilStatus = (
  handle: JobHandle,
  wanted: (status: ExportJobStatus) => boolean,
): Promise<ExportJobStatus> =>
  until(async () => {
    const status = await handle.query<ExportJobStatus>('status').catch(() => undefined);
    return status !== undefined && wanted(status) && status;
  });

const stays = (files: number): FakeExport => {
  const fake = new FakeExport(files);
  fake.onSent = () => undefined;
  return fake;
};
const END = ['stopTasks', 'abortUploads', 'joinResult'];

describe('a job that is cancelled', () => {
  test('by its signal stops its tasks, aborts uploads, and has a result', async () => {
    const fake = stays(20);
    await withJob(environment, fake, async (handle) => {
      await untilStatus(handle, ({ tasks }) => tasks.outstanding > 0);
      await handle.signal('cancel');
      expect(await handle.result()).toMatchObject({ state: 'cancelled' });
      expect(fake.calls.slice(-3)).toEqual(END);
      expect(await handle.query('status')).toMatchObject({
        status: 'stopped',
        result: { state: 'cancelled' },
      });
    });
  });

  test('by Temporal does the same, and ends as Temporal’s cancelled ones do', async () => {
    const fake = stays(20);
    await withJob(environment, fake, async (handle) => {
      await untilStatus(handle, ({ tasks }) => tasks.outstanding > 0);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) as unknown });
      expect(fake.calls.slice(-3)).toEqual(END);
      expect(fake.joins).toMatchObject([{ ended: { state: 'cancelled' } }]);
    });
  });

  test('while it waits for its export ends at once', async () => {
    const fake = stays(20);
    const awaitReady = (): Promise<never> => Promise.reject(new Error('not ready'));
    const work = async (handle: JobHandle): Promise<void> => {
      await untilStatus(handle, ({ stage }) => stage === 'waiting_for_export');
      await handle.signal('cancel');
      expect(await handle.result()).toMatchObject({ state: 'cancelled' });
    };
    await withJob(environment, fake, work, { awaitReady });
    expect(fake.calls).not.toContain('listPages');
  });

  test('by Temporal before it is checked has its result, and keeps that of an attempt before', async () => {
    const fake = stays(20);
    const checkJob = async () => {
      await environment.client.workflow.getHandle(fake.workflowId).cancel();
      return { plan: fake.plan({ attempt: 2 }), begins: true };
    };
    await withJob(
      environment,
      fake,
      async (handle) => {
        await expect(handle.result()).rejects.toMatchObject({
          cause: expect.any(CancelledFailure) as unknown,
        });
      },
      { checkJob },
    );
    expect(fake.calls).toEqual(['checkJob', 'beginAttempt', ...END]);
  });

  test('before it is checked sends nothing', async () => {
    const fake = stays(20);
    const result = await withExportWorkers(environment, fake, fake.activities(), async () => {
      const handle = await environment.client.workflow.signalWithStart('exportJobWorkflow', {
        taskQueue: fake.taskQueue,
        workflowId: fake.workflowId,
        args: [{ export_id: fake.exportId }],
        signal: 'cancel',
      });
      return handle.result() as Promise<unknown>;
    });
    expect(result).toMatchObject({ state: 'cancelled' });
    expect(fake.calls).toEqual(['checkJob', ...END]);
  });
});

describe('a job that is drained', () => {
  test('sends nothing more, and ends once what was out is settled', async () => {
    const fake = stays(20);
    await withJob(environment, fake, async (handle) => {
      await untilStatus(handle, ({ tasks }) => tasks.outstanding === 8);
      await handle.signal('drain');
      fake.settled = 5;
      await handle.signal('wake', 5);
      await untilStatus(handle, ({ files }) => files.settled === 5);
      fake.settled = 8;
      await handle.signal('wake', 3);
      expect(await handle.result()).toMatchObject({
        state: 'cancelled',
        files: { settled: 8 },
        detail: 'It was told to end with what was under way.',
      });
    });
    expect(fake.sent).toBe(8);
    expect(fake.calls.slice(-3)).toEqual(END);
  });

  test('while it waits for its export ends at once', async () => {
    const fake = stays(20);
    const awaitReady = (): Promise<never> => Promise.reject(new Error('not ready'));
    await withJob(
      environment,
      fake,
      async (handle) => {
        await untilStatus(handle, ({ stage }) => stage === 'waiting_for_export');
        await handle.signal('drain');
        expect(await handle.result()).toMatchObject({ state: 'cancelled' });
      },
      { awaitReady },
    );
    expect(fake.calls).not.toContain('listPages');
  });

  test('as its last file is settled ends as it would have', async () => {
    const fake = stays(3);
    await withJob(environment, fake, async (handle) => {
      await untilStatus(handle, ({ tasks }) => tasks.outstanding === 3);
      await handle.signal('drain');
      fake.settled = 3;
      await handle.signal('wake', 3);
      expect(await handle.result()).toMatchObject({ state: 'succeeded' });
    });
  });
});

describe('a source that is paused', () => {
  test('has its jobs send nothing until it is resumed', async () => {
    const fake = stays(20);
    await withJob(environment, fake, async (handle) => {
      await untilStatus(handle, ({ tasks }) => tasks.outstanding === 8);
      await handle.executeUpdate('pause_source');
      expect(await handle.query('status')).toMatchObject({ status: 'paused', paused: true });
      fake.settled = 8;
      await handle.signal('wake', 8);
      await untilStatus(handle, ({ files }) => files.settled === 8);
      expect(fake.sent).toBe(8);
      // Before it goes on, which it does at once.
      fake.onSent = (of) => (of.settled = of.sent);
      await handle.executeUpdate('resume_source');
      expect(await handle.result()).toMatchObject({ state: 'succeeded' });
    });
  });

  test('is seen by a job that nobody told', async () => {
    const fake = stays(20);
    fake.sourcePaused = true;
    await withJob(environment, fake, async (handle) => {
      await untilStatus(handle, ({ paused }) => paused);
      fake.sourcePaused = false;
      fake.onSent = (of) => (of.settled = of.sent);
      expect(await handle.result()).toMatchObject({ state: 'succeeded' });
    });
  });
});

describe('a job that a person pauses', () => {
  test('neither lists nor sends until it is resumed', async () => {
    const fake = new FakeExport(3_000, 8, 1_000);
    const result = await withExportWorkers(environment, fake, fake.activities(), async () => {
      const handle = (await environment.client.workflow.signalWithStart('exportJobWorkflow', {
        taskQueue: fake.taskQueue,
        workflowId: fake.workflowId,
        args: [{ export_id: fake.exportId }],
        signal: 'wake',
        signalArgs: [1],
      })) as unknown as JobHandle;
      await untilStatus(handle, ({ stage }) => stage === 'working');
      await handle.signal('pause');
      await untilStatus(handle, ({ paused }) => paused);
      const { sent } = fake;
      await handle.signal('wake', 1);
      expect(fake.sent).toBeLessThanOrEqual(sent + 8);
      fake.onSent = (of) => {
        of.settled = of.sent;
        handle.signal('wake', 1).catch(() => undefined);
      };
      await handle.signal('resume');
      await untilStatus(handle, ({ files }) => files.settled > 16);
      await handle.signal('cancel');
      return handle.result();
    });
    expect(result).toMatchObject({ state: 'cancelled' });
  });
});
