import { setTimeout as delay } from 'node:timers/promises';
import { jobWorkflowId, taskWorkflowId, type JobRef } from '#vachan/pipelines/exports/contract/job-ref.js';
import { WORKFLOW_TYPES } from '#vachan/pipelines/exports/contract/names.js';
import { exportsDifferences } from '#tools/exports/exports-verdict.js';
import { entry, file, job, type SeededJob } from '#tools/exports/seeded-job.js';
import { addToApi, jobsMessage, sendToJobs, writeMetadata } from '#tools/exports/seed-exports.js';
import { freshName } from '../../embedded-stack.js';
import { createExportsInstallation, type ExportsInstallation } from './exports-installation.js';
import { until } from '../../../until.js';

const MB = 1024 * 1024;
/** A job takes seconds; the first one waits for the process to start. */
const TIMEOUT_MS = 180_000;

const EMPTY = { visible: 0, in_flight: 0, delayed: 0 };

/** Differences but for the queues, which other jobs of this file use as well. */
async function differencesOf(
  installation: ExportsInstallation,
  jobs: readonly SeededJob[],
): Promise<string[]> {
  const world = await installation.world(jobs.map(({ ref }) => ref));
  const own = [...world.objects].filter(([key]) =>
    jobs.some(({ ref }) => key.startsWith(`default/${ref.export_id}/`)),
  );
  return exportsDifferences(jobs, {
    world: {
      ...{ ...world, objects: new Map(own), queues: { jobs: EMPTY, tasks: EMPTY } },
      deadLetters: { jobs: [], tasks: [] },
    },
  });
}

const small = (id: string): SeededJob['files'][number] => file(id, [entry(`${id}.txt`, 500)]);

describe('exports, in one process', () => {
  let exports: ExportsInstallation;
  beforeAll(async () => {
    exports = await createExportsInstallation();
    exports.process('all');
  }, TIMEOUT_MS);
  afterAll(() => exports.close(), TIMEOUT_MS);

  test(
    'lists every file once where the listing begins again in another order',
    async () => {
      const made = job('relisted', freshName('relisted'), ['1', '2', '3', '4', '5'].map(small), {
        api: { pageSize: 2 },
      });
      const { export_id: exportId } = made.ref;
      const struck = exports.api.fault({
        ...{ on: 'files', exportId, skip: 1, fault: { status: 410, code: 'cursor_expired' } },
        onHit: () => exports.api.catalogue.relist(exportId, (files) => [...files].reverse()),
      });
      await exports.start(made);
      expect(await exports.result(made.ref)).toMatchObject({
        state: 'succeeded',
        files: { listed: 5, settled: 5 },
      });
      expect(struck()).toBe(1);
      expect(await differencesOf(exports, [made])).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'works once on a task that comes twice',
    async () => {
      const made = job('twice', freshName('twice'), [
        file('one', [entry('a.bin', 400_000, { method: 'store' })]),
      ]);
      const { export_id: exportId, source } = made.ref;
      let again: Promise<void> | undefined;
      exports.api.fault({
        ...{ on: 'download', exportId, times: Infinity, fault: { bytesPerSecond: 200_000 } },
        onHit: () => {
          again ??= exports.sendTask({
            ...{
              version: 1,
              source,
              export_id: exportId,
              first_ordinal: 0,
              files: [{ ordinal: 0, file_id: 'one' }],
            },
            ...{ correlation_id: 'again', dispatched_at: new Date().toISOString() },
          });
        },
      });
      await exports.start(made);
      expect(await exports.result(made.ref)).toMatchObject({ state: 'succeeded', entries: { uploaded: 1 } });
      await again;
      // The end of the archive, which is read first, and its entry.
      expect(exports.api.log.served(exportId, 'one')).toBeLessThan(600_000);
      expect(await differencesOf(exports, [made])).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'waits for metadata that is written two seconds after the archive is read',
    async () => {
      const made = job('late', freshName('late'), [small('a')]);
      addToApi(made, exports.api);
      let written: Promise<void> | undefined;
      exports.api.fault({
        ...{ on: 'download', exportId: made.ref.export_id, fault: {} },
        onHit: () => {
          written = delay(2000).then(() => writeMetadata([made], exports.endpoints));
        },
      });
      await sendToJobs(exports.endpoints, jobsMessage('default', [made.ref.export_id]));
      expect(await exports.result(made.ref)).toMatchObject({ state: 'succeeded', entries: { uploaded: 1 } });
      await written;
    },
    TIMEOUT_MS,
  );

  test(
    'makes one object of two large entries of one name, whoever is first',
    async () => {
      const rival = (id: string): SeededJob['files'][number] => {
        const data = { block: Buffer.alloc(MB, id), times: 9 };
        return file(id, [entry('same.bin', 0, { data, method: 'store', expected: 'rival' })]);
      };
      const made = job('rivals', freshName('rivals'), [rival('one'), rival('two')], {
        state: 'partial',
        // Both are in the middle of their uploads at the same time.
        faults: [{ on: 'download', times: Infinity, fault: { bytesPerSecond: 8 * MB } }],
      });
      await exports.start(made);
      expect(await exports.result(made.ref)).toMatchObject({
        entries: { uploaded: 1, rejected: 1 },
        rejected_by_reason: { key_taken: 1 },
      });
      expect(await differencesOf(exports, [made])).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'knows a job that it did long ago, and writes nothing',
    async () => {
      const made = job('known', freshName('known'), [small('a')]);
      await exports.start(made);
      const first = await exports.result(made.ref);
      const workflowId = jobWorkflowId(made.ref);
      const handle = exports.client.workflow.getHandle(workflowId);
      await handle.result();
      // What Temporal does when the namespace's retention is over.
      const { namespace } = exports.client.options;
      await exports.client.workflowService.deleteWorkflowExecution({
        namespace,
        workflowExecution: { workflowId },
      });
      await until(async () => {
        const gone = await handle.describe().catch(() => undefined);
        return gone === undefined ? true : undefined;
      });
      await sendToJobs(exports.endpoints, JSON.stringify({ version: 1, export_ids: [made.ref.export_id] }));
      const ended = await until(() => (handle.result() as Promise<unknown>).catch(() => undefined));
      expect(ended).toMatchObject({ state: 'already_done', ended_as: 'succeeded' });
      expect(await exports.result(made.ref)).toEqual(first);
      const { type } = await handle.describe();
      expect(type).toBe(WORKFLOW_TYPES.job);
    },
    TIMEOUT_MS,
  );
});

describe('a task of minutes', () => {
  let exports: ExportsInstallation;
  beforeAll(async () => {
    exports = await createExportsInstallation();
    exports.process('orchestrator');
  }, TIMEOUT_MS);
  afterAll(() => exports.close(), TIMEOUT_MS);

  const large = (name: string): SeededJob =>
    job('large', freshName(name), [file('large', [entry('large.bin', 32 * MB, { method: 'store' })])], {
      faults: [{ on: 'download', times: Infinity, fault: { bytesPerSecond: 8 * MB } }],
    });
  const served = ({ export_id: id }: JobRef): number => exports.api.log.served(id, 'large');

  test(
    'is left at once by a process that is told to stop, and goes on in another one',
    async () => {
      const first = exports.process('worker');
      const made = large('stopped');
      await exports.start(made);
      await until(() => (served(made.ref) > 16 * MB ? true : undefined));
      await first.stop();
      // Not when its visibility would have ended.
      expect(await exports.tasksDepth()).toMatchObject({ visible: 1, in_flight: 0 });
      expect(first.logTail()).not.toContain('"level":"error"');
      const second = exports.process('worker');
      expect(await exports.result(made.ref)).toMatchObject({ state: 'succeeded', attempt: 1 });
      // What was in memory when it stopped, and no part that was stored.
      expect(served(made.ref)).toBeLessThan(56 * MB);
      expect(await differencesOf(exports, [made])).toEqual([]);
      await second.stop();
    },
    TIMEOUT_MS,
  );

  test(
    'is given back before its receive ends, and goes on where it was',
    async () => {
      const worker = exports.process('worker', { EXPORT_YIELD_AFTER: '3s' });
      const made = large('yielded');
      await exports.start(made);
      expect(await exports.result(made.ref)).toMatchObject({ state: 'succeeded', attempt: 1 });
      const runs = exports.client.workflow.list({ query: `WorkflowId = "${taskWorkflowId(made.ref, 0)}"` });
      let count = 0;
      for await (const run of runs) count += run.workflowId === taskWorkflowId(made.ref, 0) ? 1 : 0;
      expect(count).toBeGreaterThan(1);
      expect(await differencesOf(exports, [made])).toEqual([]);
      await worker.stop();
    },
    TIMEOUT_MS,
  );
});
