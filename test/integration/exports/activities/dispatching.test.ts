import { createDispatchActivity } from '../../../../src/activities/exports/dispatch-tasks.js';
import { readDownloadTask } from '../../../../src/pipelines/exports/contract/messages.js';
import type { Priority } from '../../../../src/pipelines/exports/contract/priority.js';
import { createSqsQueue } from '../../../../src/queue/sqs-queue.js';
import { inActivity } from '../../../unit/shared/activities/in-activity.js';
import { freshQueue } from '../../embedded-stack.js';
import { api, freshPlan, idsOf, list, log, served, settle, sqs, state, useJobs } from './jobs-under-test.js';

useJobs();

const TASKS_VISIBILITY_SECONDS = 30;

interface DispatchOptions {
  files?: number;
  slots?: number;
  ids?: string[];
  priority?: Priority;
}

async function freshDispatch({
  files = 32,
  slots = 4,
  ids = idsOf(files),
  priority = 'normal',
}: DispatchOptions = {}) {
  const plan = freshPlan({ priority });
  api.add({ id: plan.export_id, files: served(ids), pageSize: 20 });
  await list(plan);
  const { queueUrl } = await freshQueue({ visibilityTimeoutSeconds: TASKS_VISIBILITY_SECONDS });
  const queue = createSqsQueue({ client: sqs.get(), url: queueUrl });
  const clock = { now: Date.parse('2026-11-27T10:00:00.000Z') };
  const running = new Set<string>();
  /** Tasks of other jobs that run. */
  const others = { running: 0 };
  const { dispatchTasks } = createDispatchActivity({
    state,
    queueFor: () => queue,
    isShared: () => true,
    capacity: () => Promise.resolve({ slots, activeJobs: 1 }),
    runs: { isRunning: (id) => Promise.resolve(running.has(id)) },
    runningTasks: () => Promise.resolve(running.size + others.running),
    log,
    visibilityTimeoutSeconds: TASKS_VISIBILITY_SECONDS,
    now: () => clock.now,
  });
  return {
    plan,
    job: state.of(plan),
    clock,
    running,
    others,
    look: (changes: { paused?: boolean } = {}) =>
      inActivity(() => dispatchTasks({ plan, listed: files, paused: false, ...changes })),
    /** Takes what is in the queue. @param keeps whether it is held rather than deleted */
    receive: async ({ keeps = false } = {}) => {
      const received = await queue.receive({
        maxMessages: 100,
        maxWaitSeconds: 2,
        visibilityTimeoutSeconds: TASKS_VISIBILITY_SECONDS,
        returnWhenEmpty: true,
      });
      if (!keeps) await queue.delete(received.map(({ receiptHandle }) => receiptHandle));
      return received.map(({ body }) => {
        const read = readDownloadTask(body);
        if ('reason' in read) throw new Error(read.reason);
        return read.message;
      });
    },
    settle: (...ordinals: number[]) =>
      Promise.all(ordinals.map((ordinal) => settle(plan, ordinal, { uploaded: 1 }))),
  };
}
describe('dispatching tasks', () => {
  test('sends no more than the job’s share, and more as files are settled', async () => {
    const { look, receive, settle: done } = await freshDispatch();
    expect(await look()).toMatchObject({ settled: 0, outstanding: 8, room: 0 });
    const first = await receive();
    expect(first.flatMap(({ files }) => files.map(({ ordinal }) => ordinal)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, n) => n),
    );
    expect(await look()).toMatchObject({ outstanding: 8 });
    expect(await receive()).toEqual([]);
    await done(0, 1, 2);
    expect(await look()).toMatchObject({ settled: 3, outstanding: 8, open_files: 15 });
    expect(await receive()).toMatchObject([{ first_ordinal: 16 }]);
  });

  test('sends a job’s tasks each once until all are settled', async () => {
    const { look, receive, settle: done } = await freshDispatch();
    const sent: number[] = [];
    for (let round = 0; round < 10; round++) {
      const progress = await look();
      const tasks = await receive();
      const ordinals = tasks.flatMap(({ files }) => files.map(({ ordinal }) => ordinal));
      sent.push(...ordinals);
      await done(...ordinals);
      if (progress.settled === 32) break;
    }
    expect(sent.sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, n) => n));
  });

  test('sends ids as they are, also with what SQS takes in no message', async () => {
    const ids = ['a/..?%é', 'half a \uffff', '"\\\u2028😀'];
    const { look, receive } = await freshDispatch({ files: 3, ids });
    await look();
    const tasks = await receive();
    expect(tasks.flatMap(({ files }) => files.map(({ file_id: id }) => id)).sort()).toEqual(ids.sort());
  });

  test('says once that a priority without a queue of its own only has its listing first', async () => {
    const { look, settle: done } = await freshDispatch({ priority: 'high' });
    const said = () => log.of('export_priority_without_queue');
    const before = said().length;
    await look();
    await done(0, 1, 2);
    await look();
    expect(said().slice(before)).toMatchObject([{ priority: 'high', correlation_id: 'c-1' }]);
  });

  test('sends nothing while the job or its source is paused', async () => {
    const { look, receive, plan } = await freshDispatch();
    expect(await look({ paused: true })).toMatchObject({ outstanding: 0, source_paused: false });
    await state.pause(plan.source);
    try {
      expect(await look()).toMatchObject({ outstanding: 0, source_paused: true });
    } finally {
      await state.resume(plan.source);
    }
    expect(await receive()).toEqual([]);
  });

  test('sends a lost task again, three times, and then gives its files up', async () => {
    const { look, receive, clock, settle: done, job } = await freshDispatch({ files: 2 });
    await look();
    await receive();
    await done(1);
    for (let again = 0; again < 3; again++) {
      for (const seconds of [30, 30]) {
        clock.now += seconds * 1000;
        await look();
      }
      expect(await receive()).toMatchObject([{ first_ordinal: 0 }]);
    }
    for (const seconds of [30, 30]) {
      clock.now += seconds * 1000;
      await look();
    }
    expect(await receive()).toEqual([]);
    expect(await job.fragments.read(0)).toMatchObject({ state: 'failed', reason: 'task_lost' });
    expect(await look()).toMatchObject({ settled: 2, outstanding: 0 });
  });

  test('gives up no task whose message somebody holds who has not claimed it', async () => {
    const { look, receive, clock, others, job } = await freshDispatch({ files: 1 });
    const missed = async (): Promise<void> => {
      for (const seconds of [30, 30]) {
        clock.now += seconds * 1000;
        await look();
      }
    };
    await look();
    for (let again = 0; again < 3; again++) {
      await receive();
      await missed();
    }
    expect(await receive({ keeps: true })).toHaveLength(1);
    await missed();
    expect(await look()).toMatchObject({ settled: 0, outstanding: 1 });
    // It is another job's, whose task runs.
    others.running = 1;
    await look();
    expect(await job.fragments.read(0)).toMatchObject({ state: 'failed', reason: 'task_lost' });
  });

  test('that died once half was sent sends that half twice, in the same packs', async () => {
    const { look, receive, job } = await freshDispatch();
    await look();
    const first = await receive();
    await state.objects.delete(job.keys.dispatch);
    await look();
    const byOrdinal = (tasks: typeof first) =>
      tasks.map(({ first_ordinal: ordinal, files }) => [ordinal, files.length]).sort(([a], [b]) => a! - b!);
    expect(byOrdinal(await receive())).toEqual(byOrdinal(first));
  });

  test('sends the rest of a pack that a build before it had cut elsewhere', async () => {
    const { look, receive, job, plan } = await freshDispatch({ files: 32, slots: 40 });
    const sent = { first: 0, last: 0, sent_at: '2026-11-27T10:00:00.000Z', again: 0 };
    const dispatch = { version: 1, attempt: plan.attempt, from: 0, next: 1, page: 0, tasks: [sent] };
    await state.objects.write(job.keys.dispatch, JSON.stringify(dispatch));
    expect(await look()).toMatchObject({ dispatched: 32 });
    const ordinals = (await receive()).flatMap(({ files }) => files.map(({ ordinal }) => ordinal));
    expect(ordinals.sort((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, n) => n + 1));
  });

  test('keeps sending where a run before it had stopped', async () => {
    const { look, receive, settle: done } = await freshDispatch();
    await look();
    await done(...Array.from({ length: 16 }, (_, n) => n));
    await receive();
    await look();
    expect((await receive()).map(({ first_ordinal: first }) => first)[0]).toBe(16);
  });
});
