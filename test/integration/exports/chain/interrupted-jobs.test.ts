import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { jobWorkflowId, taskWorkflowId } from '#vachan/pipelines/exports/contract/job-ref.js';
import type { RequestRecord } from '#tools/export-api/request-log.js';
import type { GuardedProcess } from '#tools/stack/guarded-process.js';
import { addToApi, jobsMessage, sendToJobs, writeMetadata } from '#tools/exports/seed-exports.js';
import { entry, file, job, type SeededJob } from '#tools/exports/seeded-job.js';
import { freshName } from '../../embedded-stack.js';
import { createExportsInstallation, type ExportsInstallation } from './exports-installation.js';
import { until } from '../../../until.js';

const MIB = 1024 * 1024;
const TIMEOUT_MS = 180_000;
/** There are two of them. A download that is held is no stall. */
const WORKER = { DOWNLOAD_TASKS_PLACES: '2', EXPORT_DOWNLOAD_STALL: '1h' };
/** What one job may have out however few slots there are. */
const MOST_OUT = 8;

describe('jobs that are interrupted', () => {
  let exports: ExportsInstallation;
  beforeAll(async () => {
    exports = await createExportsInstallation();
  }, TIMEOUT_MS);
  afterAll(() => exports.close(), TIMEOUT_MS);

  const small = (id: string): SeededJob['files'][number] => file(id, [entry(`${id}.txt`, 500)]);
  const asked = (kind: RequestRecord['kind'], { ref }: SeededJob): RequestRecord[] =>
    exports.api.log.records.filter((one) => one.kind === kind && one.exportId === ref.export_id);
  const handleOf = ({ ref }: SeededJob) => exports.client.workflow.getHandle(jobWorkflowId(ref));

  test(
    'by an orchestrator that is told to stop while it lists go on with another one, and nothing is sent twice',
    async () => {
      const ids = Array.from({ length: 24 }, (_, n) => `f${n}`);
      const made = job('listed', freshName('listed'), ids.map(small), { api: { pageSize: 2 } });
      let stopped: Promise<void> | undefined;
      exports.api.fault({
        ...{ on: 'files', exportId: made.ref.export_id, skip: 5, fault: { hang: true } },
        onHit: () => {
          stopped = first.stop();
          exports.process('orchestrator');
        },
      });
      const first: GuardedProcess = exports.process('orchestrator', { SHUTDOWN_GRACE_SECONDS: '1' });
      await exports.start(made);
      await until(() => (stopped === undefined ? undefined : true));
      await stopped;
      // One that had to be killed has no last words.
      expect(first.logTail()).toContain('worker_stopped');
      expect(first.logTail()).not.toContain('"level":"error"');
      await until(async () => ((await exports.tasksDepth()).visible >= MOST_OUT ? true : undefined));
      expect(await exports.tasksDepth()).toMatchObject({ visible: MOST_OUT, in_flight: 0 });

      for (const _ of [1, 2]) exports.process('worker', WORKER);
      expect(await exports.result(made.ref)).toMatchObject({
        state: 'succeeded',
        files: { listed: 24, settled: 24 },
        entries: { uploaded: 24 },
      });
      // A link is asked for when work on a file begins.
      expect(
        asked('file', made)
          .map(({ fileId }) => fileId)
          .sort(),
      ).toEqual([...ids].sort());
    },
    TIMEOUT_MS,
  );

  test(
    'by being cancelled leave what runs and what is queued, and nothing half uploaded',
    async () => {
      const block = Buffer.alloc(MIB, 'seven');
      const files = Array.from({ length: 12 }, (_, n) =>
        file(`c${n}`, [entry(`c${n}.bin`, 0, { data: { block, times: 24 }, method: 'store' })]),
      );
      const made = job('cancelled', freshName('cancelled'), files, {
        state: 'cancelled',
        // None of them comes to its end by itself.
        faults: [{ on: 'download', times: Infinity, fault: { stallAfterBytes: 12 * MIB } }],
      });
      await exports.start(made);
      const running = (): string[] =>
        files.map(({ id }) => id).filter((id) => exports.api.log.served(made.ref.export_id, id) >= 12 * MIB);
      await until(() => (running().length === 4 ? true : undefined));
      expect(await exports.tasksDepth()).toMatchObject({ visible: MOST_OUT - 4, in_flight: 4 });
      await handleOf(made).signal('cancel');
      expect(await exports.result(made.ref)).toMatchObject({
        state: 'cancelled',
        files: { listed: 12, settled: 0 },
        entries: { uploaded: 0 },
      });
      const served = exports.api.log.counts().downloadedBytes;
      await until(async () => {
        const { visible, in_flight: held } = await exports.tasksDepth();
        return visible + held === 0 ? true : undefined;
      });
      expect(exports.api.log.counts().downloadedBytes).toBe(served);
      expect(asked('file', made)).toHaveLength(4);
      const { openUploads, objects } = await exports.world([made.ref]);
      expect(openUploads).toEqual([]);
      expect([...objects.keys()].filter((key) => key.includes(made.ref.export_id))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'by a message that two processes have at once are worked on by one of them',
    async () => {
      const made = job('twice', freshName('twice'), [
        file('one', [entry('a.bin', 400_000, { method: 'store' })]),
      ]);
      const { export_id: exportId, source } = made.ref;
      let begun = false;
      let done = (): void => undefined;
      const held = new Promise<void>((resolve) => (done = resolve));
      exports.api.fault({
        ...{ on: 'download', exportId, skip: 1, fault: { heldUntil: held } },
        onHit: () => (begun = true),
      });
      await exports.start(made);
      await until(() => (begun ? true : undefined));
      const task = exports.client.workflow.getHandle(taskWorkflowId(made.ref, 0));
      const message = {
        ...{ version: 1, source, export_id: exportId, first_ordinal: 0 },
        ...{ files: [{ ordinal: 0, file_id: 'one' }], correlation_id: 'again' },
      };
      // The process that has it asks nobody, and gives a copy back: sent until the other one has it.
      const isClaimedTwice = async (): Promise<boolean> => claimsIn(await task.fetchHistory()).length === 2;
      for (let look = 0; !(await isClaimedTwice()); look += 1) {
        if (look % 5 === 0) await exports.sendTask({ ...message, dispatched_at: new Date().toISOString() });
        await delay(200);
      }
      done();
      expect(await exports.result(made.ref)).toMatchObject({ state: 'succeeded', entries: { uploaded: 1 } });
      const claims = claimsIn(await task.fetchHistory());
      expect(claims.map(({ answer }) => answer)).toEqual(['run', 'busy']);
      expect(new Set(claims.map(({ queue }) => queue)).size).toBe(2);
      expect(asked('file', made)).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  test(
    'by no large job: twenty small ones, sent while it has all slots, are done before it sends much more',
    async () => {
      const content = file('big', [entry('big.txt', 200)]).content;
      const large = job('large', freshName('large'), []);
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      exports.api.add({
        id: large.ref.export_id,
        // Of unknown size: a task each.
        files: Array.from({ length: 3000 }, (_, n) => ({
          id: `b${n}`,
          name: `b${n}.zip`,
          content,
          size: null,
        })),
      });
      await writeMetadata(
        [job('large', large.ref.export_id, [file('x', [entry('big.txt', 200)])])],
        exports.endpoints,
      );
      exports.api.fault({
        ...{ on: 'download', exportId: large.ref.export_id, times: 4, fault: { heldUntil: gate } },
      });
      await sendToJobs(exports.endpoints, jobsMessage('default', [large.ref.export_id]));
      const queued = async (tasks: number): Promise<void> => {
        await until(async () => ((await exports.tasksDepth()).visible === tasks ? true : undefined));
      };
      await queued(MOST_OUT - 4);
      const others = Array.from({ length: 20 }, (_, n) =>
        job('small', freshName(`small-${n}`), [small(`s${n}`)]),
      );
      for (const other of others) addToApi(other, exports.api);
      await writeMetadata(others, exports.endpoints);
      await sendToJobs(
        exports.endpoints,
        jobsMessage(
          'default',
          others.map(({ ref }) => ref.export_id),
        ),
      );
      await queued(MOST_OUT - 4 + others.length);
      const before = exports.api.log.records.length;
      open();
      for (const { ref } of others) expect(await exports.result(ref)).toMatchObject({ state: 'succeeded' });

      const begun = exports.api.log.records.slice(before).filter(({ kind }) => kind === 'file');
      const last = Math.max(
        ...others.map(({ ref }) => begun.findIndex((one) => one.exportId === ref.export_id)),
      );
      const ofLarge = begun.slice(0, last).filter(({ exportId }) => exportId === large.ref.export_id);
      // Twice the work of the twenty alone.
      expect(ofLarge.length).toBeLessThanOrEqual(others.length);
      await handleOf(large).signal('cancel');
      await exports.result(large.ref);
    },
    TIMEOUT_MS,
  );
});

/** Claims of a task, in order, and how each was answered. */
function claimsIn({
  events,
}: Awaited<ReturnType<WorkflowHandle['fetchHistory']>>): { queue: string; answer: string }[] {
  const read = (data: Uint8Array | null | undefined): unknown =>
    JSON.parse(Buffer.from(data ?? []).toString());
  const answers = new Map<string, unknown>(
    (events ?? []).flatMap(({ workflowExecutionUpdateCompletedEventAttributes: completed }) =>
      completed == null
        ? []
        : [
            [
              String(completed.acceptedEventId),
              read(completed.outcome?.success?.payloads?.[0]?.data),
            ] as const,
          ],
    ),
  );
  return (events ?? []).flatMap(({ eventId, workflowExecutionUpdateAcceptedEventAttributes: accepted }) => {
    if (accepted == null) return [];
    const claim = read(accepted.acceptedRequest?.input?.args?.payloads?.[0]?.data) as {
      process_queue: string;
    };
    return [
      { queue: claim.process_queue, answer: (answers.get(String(eventId)) as string | undefined) ?? '' },
    ];
  });
}
