import { createCheckJobActivity } from '../../../../src/activities/exports/check-job.js';
import { createBeginAttemptActivity } from '../../../../src/activities/exports/begin-attempt.js';
import type { JobPlan } from '../../../../src/activities/exports/activity-types.js';
import { activityEnvironment, inActivity } from '../../../unit/shared/activities/in-activity.js';
import {
  api,
  fourFiles,
  freshPlan,
  idsOf,
  join,
  linesOf,
  list,
  served,
  settle,
  sources,
  state,
  useJobs,
} from './jobs-under-test.js';

useJobs();

describe('joining a result', () => {
  test('says what became of every file, entry and metadata row', async () => {
    const plan = await fourFiles();
    const result = await join(plan, ['a.txt', 'c.txt', 'lost.txt']);
    expect(result).toMatchObject({
      state: 'partial',
      files: { listed: 4, settled: 3, failed: 1 },
      entries: { seen: 4, matched: 2, uploaded: 2, rejected: 2, missing: 1 },
      bytes: { zip_total: 300 },
      durations: { total: 300 },
    });
    expect(await state.of(plan).result()).toEqual(result);
    expect(await linesOf(result.manifest_key)).toMatchObject([
      { key: 'out/a.txt', entry: 'a.txt', file_id: 'file-0', crc32: '0000beef' },
      { key: 'out/1', file_id: 'file-1' },
    ]);
    expect(await linesOf(result.rejects_key)).toMatchObject([
      { entry: '../b', reason: 'name_unsafe', file_id: 'file-1' },
      { entry: null, reason: 'not_a_zip', detail: 'It is HTML.', file_name: 'file-2.zip' },
      { entry: 'c.txt', reason: 'no_metadata' },
    ]);
    expect(await linesOf(result.missing_key)).toEqual([{ entry: 'lost.txt' }]);
  });

  test('counts a metadata row of a directory as missing only where no archive has it', async () => {
    const plan = freshPlan();
    api.add({ id: plan.export_id, files: served(idsOf(1)) });
    await list(plan);
    await settle(plan, 0, {}, [{ outcome: 'directory', entry: 'd/' }]);
    const result = await join(plan, ['d/', 'gone/']);
    expect(result).toMatchObject({ entries: { seen: 0, missing: 1 } });
    expect(await linesOf(result.missing_key)).toEqual([{ entry: 'gone/' }]);
    expect(await linesOf(result.manifest_key)).toEqual([]);
  });

  test('again gives the same content', async () => {
    const plan = await fourFiles();
    const { keys } = state.of(plan);
    const read = () =>
      Promise.all([keys.result(), keys.manifest(), keys.rejects()].map((key) => state.objects.read(key)));
    await join(plan);
    const first = await read();
    await join(plan);
    expect(await read()).toEqual(first);
  });
});

describe('another attempt', () => {
  const check = (plan: JobPlan, force: boolean, messageId?: string) =>
    activityEnvironment({
      workflowExecution: { workflowId: `export:default:${plan.export_id}`, runId: 'r' },
    }).run(() =>
      createCheckJobActivity({ config: { EXPORT_READY_DEADLINE: 60 }, state, sources }).checkJob({
        export_id: plan.export_id,
        force,
        ...(messageId !== undefined && { message_id: messageId }),
      }),
    );
  const begin = (plan: JobPlan) => inActivity(() => createBeginAttemptActivity({ state }).beginAttempt(plan));

  test('of a job that is partial is for force alone', async () => {
    const plan = await fourFiles();
    await join(plan);
    expect(await check(plan, false)).toMatchObject({ done: { state: 'already_done', ended_as: 'partial' } });
    expect(await check(plan, true)).toMatchObject({ plan: { attempt: 2 }, begins: true });
  });

  test('is begun once by a message, however often that is delivered', async () => {
    const plan = await fourFiles();
    await join(plan);
    const second = await check(plan, true, 'm-2');
    expect(second).toMatchObject({ plan: { attempt: 2, message_id: 'm-2' } });
    await begin((second as { plan: JobPlan }).plan);
    await join((second as { plan: JobPlan }).plan);
    const answered = { done: { state: 'already_done', ended_as: 'partial', message_id: 'm-2' } };
    expect(await check(plan, true, 'm-2')).toMatchObject(answered);
    const third = await check(plan, true, 'm-3');
    expect(third).toMatchObject({ plan: { attempt: 3 } });
    await begin((third as { plan: JobPlan }).plan);
    await join((third as { plan: JobPlan }).plan);
    expect(await check(plan, true, 'm-2')).toMatchObject({ done: { state: 'already_done' } });
    expect(await check(plan, true)).toMatchObject({ plan: { attempt: 4 } });
  });

  test('of a job that succeeded there is none', async () => {
    const plan = freshPlan();
    api.add({ id: plan.export_id, files: served(idsOf(1)) });
    await list(plan);
    await settle(plan, 0, { seen: 1, uploaded: 1 });
    await join(plan);
    expect(await check(plan, true)).toMatchObject({ done: { state: 'already_done', ended_as: 'succeeded' } });
  });

  test('keeps what is settled and its earlier result, and redoes what failed or may do better now', async () => {
    const plan = await fourFiles();
    const job = state.of(plan);
    const first = await join(plan);
    await job.markCancelled();
    await begin({ ...plan, attempt: 2 });
    const settled: number[] = [];
    for await (const ordinal of job.fragments.settled(0)) settled.push(ordinal);
    expect(settled).toEqual([0, 1]);
    expect([await job.isCancelled(), await job.result()]).toEqual([false, undefined]);
    const kept = JSON.parse((await state.objects.read(job.keys.result(1)))!) as typeof first;
    expect(kept).toMatchObject({ state: 'partial', attempt: 1, files: first.files });
    expect(await linesOf(kept.rejects_key)).toHaveLength(3);
    expect(await check(plan, false)).toMatchObject({ plan: { attempt: 2 } });
  });

  test('that begins twice loses nothing', async () => {
    const plan = await fourFiles();
    const job = state.of(plan);
    await join(plan);
    await begin({ ...plan, attempt: 2 });
    await settle(plan, 2, { seen: 1, uploaded: 1 });
    await begin({ ...plan, attempt: 2 });
    expect(await job.fragments.read(2)).toMatchObject({ state: 'settled' });
    expect(await job.earlierAttempts()).toEqual([1]);
  });
});
