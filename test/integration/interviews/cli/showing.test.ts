import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interviewDigest } from '#vachan/pipelines/interviews/interview-digest.js';
import { facts, result } from '../../../unit/interviews/results/factories.js';
import { interviewsCli } from './interviews-cli.js';
import { InterviewsUnderTest, type Listed } from './interviews-under-test.js';

describe('vachan interviews, of one interview', () => {
  const at = new InterviewsUnderTest();
  const { vachan, claim, addedOne } = at;

  it('shows an interview with what was measured, and fails for one whose job has failed', async () => {
    const jobId = await addedOne();
    await claim(jobId);
    const [job] = await at.access.jobs.ofInterview('4711');
    const measured = result({
      job: job!,
      of: { job_id: jobId, run_id: 'run-1', etag: '"one"' },
      interviewDigest: interviewDigest('4711', at.access.idKey),
      facts: facts({ stated_duration: null, warnings: ['truncated'] }),
    });
    await at.access.results.store(measured);
    await at.access.jobs.complete(jobId, 'run-1', { resultId: measured._id, etag: '"one"' });

    const shown = await vachan('status', '4711');
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('1: 1 completed');
    expect(shown.out).toContain('mov, h264 1280×720, aac 48 kHz; 4.0 s, states no duration');
    expect(shown.out).toContain('truncated');
    const json = (await vachan('status', jobId, '--json')).json<{ results: object[] }>();
    expect(json.results).toMatchObject([
      { engine_version: 1, not_measured: expect.arrayContaining(['emotion']) as string[] },
    ]);
    expect(json.results[0]).not.toHaveProperty('series');

    const failed = (await vachan('add', '12', `s3://${at.bucket}/12.mp4`, '--json')).json<Listed>().jobs[0]!
      .job_id;
    await at.access.jobs.fail(failed, null, {
      error_type: 'NotReadyInTime',
      error_message: 'It never came.',
    });
    const run = await vachan('status', '12');
    expect(run.code).toBe(1);
    expect(run.out).toContain('NotReadyInTime: It never came.');
  });

  it('knows an interview by its results where the upstream application has removed its jobs', async () => {
    const jobId = await addedOne();
    await claim(jobId);
    await at.access.results.store(
      result({
        job: (await at.access.jobs.get(jobId))!,
        of: { job_id: jobId, run_id: 'run-1', etag: '"one"' },
      }),
    );
    await at.access.jobs.deleteInterview('4711');
    const out = join(tmpdir(), `${jobId}.html`);

    const shown = await vachan('status', '4711');
    const written = await vachan('report', '4711', '--out', out);

    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('none any more');
    expect(shown.out).toContain('h264 1280×720');
    expect(written).toMatchObject({ code: 0, out });
    expect(readFileSync(out, 'utf8')).toContain('<h1>Interview 4711</h1>');
    rmSync(out);
    expect((await vachan('watch', '4711')).code).toBe(1);
  });

  it('says in a report without a medium whether none has been measured yet, or none could be', async () => {
    const jobId = await addedOne();
    const out = join(tmpdir(), `${jobId}.html`);

    const early = await vachan('report', '4711', '--out', out);
    await at.access.jobs.fail(jobId, null, { error_type: 'NotReadyInTime', error_message: 'It never came.' });
    const failed = await vachan('report', '4711', '--out', out);

    expect(early).toMatchObject({ code: 1, err: expect.stringContaining('has no result yet') as string });
    expect(failed).toMatchObject({
      code: 1,
      err: 'vachan: no medium of the interview could be measured; the page says why.',
    });
    expect(readFileSync(out, 'utf8')).toContain('It never came.');
    rmSync(out);
  });

  it('says that there is no such interview, or job', async () => {
    for (const name of ['nobody', 'f'.repeat(24)]) {
      expect(await vachan('status', name)).toMatchObject({
        code: 1,
        err: expect.stringContaining(`There is no interview and no job "${name}"`) as string,
      });
    }
  });

  it('follows an interview until its jobs have ended', async () => {
    const jobId = await addedOne();
    const steps = [
      () => claim(jobId),
      () =>
        at.access.jobs.fail(jobId, 'run-1', { error_type: 'MediaRefused', error_message: 'index missing' }),
    ];

    const run = await interviewsCli(['watch', '4711', '--json'], at.env, {
      sleep: async () => {
        await steps.shift()?.();
      },
    });

    expect(run.code).toBe(1);
    const told = run.out.split('\n').map((line) => (JSON.parse(line) as { state: string }).state);
    expect(told).toEqual(['waiting', 'processing', 'failed']);
  });
});
