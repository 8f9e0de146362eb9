import { NativeConnection, Worker } from '@temporalio/worker';
import { DependencyUnavailable } from '#vachan/platform/errors.js';
import { orchestratorTaskQueue, workTaskQueue } from '#vachan/pipelines/interviews/contract/names.js';
import { workerIdentity } from '#vachan/temporal/live-worker.js';
import { until } from '../../../until.js';
import { result } from '../../../unit/interviews/results/factories.js';
import { interviewsCli } from './interviews-cli.js';
import { InterviewsUnderTest, type Listed } from './interviews-under-test.js';

describe('vachan interviews, of the queue', () => {
  const at = new InterviewsUnderTest();
  const { vachan, claim, addedOne } = at;

  it('counts the queue, and lists jobs by their state', async () => {
    const jobId = await addedOne();
    await vachan('add', '12', `s3://${at.bucket}/12.mp4`);
    await at.access.jobs.markReady(jobId);

    expect((await vachan('status', '--json')).json()).toMatchObject({
      total_jobs: 2,
      waiting_jobs: 1,
      ready_jobs: 1,
      processing_jobs: 0,
    });
    expect((await vachan('status')).out).toContain('1 for their object, 1 for a place');
    expect((await vachan('list', '--state', 'ready', '--json')).json<Listed>().jobs).toMatchObject([
      { job_id: jobId },
    ]);
    expect((await vachan('list', '--state', 'failed')).out).toBe('No jobs.');
    const page = (await vachan('list', '--limit', '1', '--json')).json<Listed & { next: string }>();
    expect(page).toMatchObject({ jobs: [{ job_id: jobId }], next: jobId });
    const rest = (await vachan('list', '--after', page.next, '--json')).json<Listed & { next: null }>();
    expect(rest).toMatchObject({ jobs: [{ interview_id: '12' }], next: null });
    expect((await vachan('list', '--limit', '2', '--json')).json()).toMatchObject({ next: null });
    expect((await vachan('list', '--limit', '2')).err).toBe('');
    expect((await vachan('list', '--limit', '1')).err).toBe(`There are more: --after ${jobId}`);
  });

  it('says that no worker is alive, or that Temporal cannot be asked', async () => {
    const none = await vachan('status', '--json');
    expect(none.json()).toMatchObject({ worker_processes: 0, max_concurrent_jobs: 0 });
    expect(none.err).toContain('no worker process is alive');

    const connectTemporal = () => Promise.reject(new DependencyUnavailable('Temporal is away'));
    const unknown = await interviewsCli(['status', '--json'], at.env, {}, { connectTemporal });
    expect(unknown).toMatchObject({ code: 0, err: '' });
    expect(unknown.json()).toMatchObject({
      total_jobs: 0,
      worker_processes: null,
      max_concurrent_jobs: null,
    });
  });

  it('counts live worker processes and their places', async () => {
    const connection = await NativeConnection.connect({ address: at.env['TEMPORAL_ADDRESS']! });
    const worker = await Worker.create({
      connection,
      namespace: at.env['TEMPORAL_NAMESPACE']!,
      taskQueue: workTaskQueue(orchestratorTaskQueue(at.env['TASK_QUEUE']!)),
      identity: workerIdentity(4),
      activities: { nothing: () => Promise.resolve() },
    });
    await worker.runUntil(async () => {
      await until(async () => (await vachan('status')).out.includes('1 process, 4 places'));
      expect((await vachan('status')).err).toBe('');
    });
    await connection.close();
  });

  it('refuses to list after what is no job', async () => {
    expect(await vachan('list', '--after', 'nope')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(
        '--after: expected the _id of a job, 24 hex digits (got "nope")',
      ) as string,
    });
  });

  it('says why a job waits, until its object was found', async () => {
    const jobId = await addedOne();
    const why = 'its object is not there yet, or no worker has looked for it';

    expect((await vachan('list')).out).toContain(why);
    expect((await vachan('status', '4711')).out).toContain(why);
    await at.access.jobs.markReady(jobId);
    expect((await vachan('list')).out).not.toContain(why);
  });

  it('begins failed jobs anew and leaves others alone; reprocesses what an older engine has made', async () => {
    const jobId = await addedOne();
    expect((await vachan('retry', '4711', '--json')).json()).toEqual({ begun: [], looked_at: 1 });
    await at.access.jobs.fail(jobId, null, { error_type: 'NotReadyInTime', error_message: 'It never came.' });

    expect((await vachan('retry', '4711', '--json')).json()).toEqual({ begun: [jobId], looked_at: 1 });
    expect(await at.access.jobs.get(jobId)).toMatchObject({ status: '0', revision: 2, attempts: 0 });

    await claim(jobId);
    const measured = result({
      job: (await at.access.jobs.get(jobId))!,
      of: { job_id: jobId, run_id: 'run-1', etag: '"one"' },
    });
    await at.access.results.store(measured);
    await at.access.jobs.complete(jobId, 'run-1', { resultId: measured._id, etag: '"one"' });
    const below = async (version: string): Promise<unknown> =>
      (await vachan('reprocess', '--engine-version-below', version, '--json')).json();
    expect(await below('1')).toEqual({ begun: [], looked_at: 1 });
    expect(await below('2')).toEqual({ begun: [jobId], looked_at: 1 });
    expect((await vachan('reprocess')).code).toBe(2);
  });
});
