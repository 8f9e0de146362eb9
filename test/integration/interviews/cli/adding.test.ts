import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InterviewsUnderTest } from './interviews-under-test.js';

describe('vachan interviews add', () => {
  const at = new InterviewsUnderTest();
  const { vachan, camera, claim, addedOne } = at;

  it('adds a job for each object, of the type that its name tells, and none twice', async () => {
    const voice = `s3://${at.bucket}/4711/voice.m4a`;

    const first = await vachan('add', '4711', camera(), voice, '--expected-jobs', '2', '--language', 'en');
    const again = await vachan('add', '4711', camera(), '--json');

    expect(first.code).toBe(0);
    expect(again.json<{ jobs: { added: boolean }[] }>().jobs).toMatchObject([{ added: false }]);
    const jobs = await at.access.jobs.ofInterview('4711');
    expect(jobs).toMatchObject([
      { interview_type: 'video', key: '4711/camera.webm', status: '0', data_process: '0', expected_jobs: 2 },
      { interview_type: 'audio', key: '4711/voice.m4a', language: 'en', revision: 1 },
    ]);
  });

  it('says which options a job took that was there already, and which it did not', async () => {
    const jobId = await addedOne();

    const waits = await vachan('add', '4711', camera(), '--language', 'en', '--expected-jobs', '2');
    const same = await vachan('add', '4711', camera(), '--language', 'en', '--expected-jobs', '2');
    await claim(jobId);
    const late = await vachan('add', '4711', camera(), '--language', 'hi', '--expected-jobs', '2');
    const json = await vachan('add', '4711', camera(), '--language', 'hi', '--json');

    expect(waits).toMatchObject({ code: 0, err: '' });
    expect(waits.out).toMatch(/already, took (?=.*--expected-jobs)(?=.*--language)/);
    expect(same.out).toBe(`${jobId}  was there already  "4711/camera.webm"`);
    expect(late.out).toBe(same.out);
    expect(late.err).toContain(`--language not taken for ${jobId}: it is being analysed or has ended`);
    expect(json.json()).toMatchObject({ jobs: [{ added: false, not_taken: ['language'] }] });
    expect(await at.access.jobs.get(jobId)).toMatchObject({ language: 'en', expected_jobs: 2 });
  });

  it('takes the questions of an interview from a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vachan-questions-'));
    try {
      const path = join(folder, 'questions.json');
      writeFileSync(path, JSON.stringify([{ text: 'Why?', key_points: ['because'] }]));
      await vachan('add', '4711', camera(), '--questions', path);
      const [job] = await at.access.jobs.ofInterview('4711');
      expect(job?.questions).toEqual([{ text: 'Why?', key_points: ['because'] }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    [['s3://another-bucket/camera.webm'], /INTERVIEW_BUCKETS/],
    [['https://example.com/camera.webm'], /expected s3:\/\/bucket\/key/],
    [['s3://BUCKET/camera.dat'], /--type: expected one of video, audio/],
    [['s3://BUCKET/camera.webm', '--questions', '/no/such/file'], /--questions: cannot read/],
    [['s3://BUCKET/camera.webm', '--language', 'English, please'], /language/],
  ])('refuses %j with a sentence that names what is wrong, and adds nothing', async (args, named) => {
    const run = await vachan('add', '4711', ...args.map((arg) => arg.replace('BUCKET', at.bucket)));

    expect(run.code).toBe(2);
    expect(run.err).toMatch(named);
    expect(await at.access.jobs.ofInterview('4711')).toEqual([]);
  });

  it('takes in nothing of an interview that was erased', async () => {
    await at.access.erased.mark('4711');

    const run = await vachan('add', '4711', camera());

    expect(run).toMatchObject({ code: 1, err: expect.stringContaining('was erased') as string });
    expect(await at.access.jobs.ofInterview('4711')).toEqual([]);
  });
});
