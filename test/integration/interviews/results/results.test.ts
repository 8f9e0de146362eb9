import { interviewDigest } from '#vachan/pipelines/interviews/interview-digest.js';
import { createSeriesObjects } from '#vachan/pipelines/interviews/results/series-objects.js';
import { createObjectFolder } from '#vachan/objects/object-folder.js';
import { facts, job, JOB_ID, NOW, result } from '../../../unit/interviews/results/factories.js';
import { freshBucket, s3Client } from '../../embedded-stack.js';
import { ID_KEY, resultsUnderTest } from './results-under-test.js';

const DIGEST = interviewDigest('interview-7', ID_KEY);

describe('results in MongoDB', () => {
  let at: Awaited<ReturnType<typeof resultsUnderTest>>;
  beforeEach(async () => {
    at = await resultsUnderTest();
    at.held.set(JOB_ID, 'run-1');
  });
  afterEach(() => at.close());

  const ofRun = (run: string, etag = '"one"') =>
    result({ job: job({ run_id: run }), of: { job_id: JOB_ID, run_id: run, etag }, interviewDigest: DIGEST });

  it('writes a result again without changing anything', async () => {
    await at.results.store(ofRun('run-1'));
    await at.results.store(ofRun('run-1'));

    expect(await at.results.ofInterview('interview-7')).toEqual([ofRun('run-1')]);
  });

  it('refuses a claim that is lost, and leaves what another one has written', async () => {
    at.held.set(JOB_ID, 'run-2');
    await at.results.store(ofRun('run-2'));

    await expect(at.results.store(ofRun('run-1'))).rejects.toThrow(/no longer of this claim/);

    expect(await at.results.get(ofRun('run-2')._id)).toMatchObject({ run_id: 'run-2' });
  });

  it('lets the claim that holds the job replace what an earlier one has written of the same content', async () => {
    await at.results.store(ofRun('run-1'));
    at.held.set(JOB_ID, 'run-2');

    await at.results.store(ofRun('run-2'));

    expect(await at.results.ofInterview('interview-7')).toMatchObject([{ run_id: 'run-2' }]);
  });

  it('keeps one current result a medium: another content supersedes it, and the same one again comes back', async () => {
    await at.results.store(ofRun('run-1', '"one"'));
    await at.results.store(ofRun('run-1', '"two"'));

    const [first, second] = [ofRun('run-1', '"one"')._id, ofRun('run-1', '"two"')._id];
    expect(await at.results.get(first)).toMatchObject({ superseded_by: second });
    expect(await at.results.ofInterview('interview-7')).toMatchObject([{ _id: second }]);

    await at.results.store(ofRun('run-1', '"one"'));
    expect(await at.results.ofInterview('interview-7')).toMatchObject([{ _id: first }]);
  });

  it('takes back what it wrote when the job is taken over while it writes', async () => {
    at.hooks.onLook = (look) => {
      if (look === 3) at.held.set(JOB_ID, 'run-2');
    };

    await expect(at.results.store(ofRun('run-1'))).rejects.toThrow(/no longer of this claim/);

    expect(await at.collection('results').countDocuments()).toBe(0);
  });

  it('takes back only what it wrote, and not what the claim that took over has put in its place', async () => {
    const inS3 = (run: string) => ({
      ...ofRun(run),
      series: { stored: 's3', bucket: 'series', key: 'series/one.json', bytes: 5_000_000 } as const,
    });
    const own = await resultsUnderTest({
      put: () => Promise.reject(new Error('already there')),
      read: () => Promise.resolve(undefined),
      remove: () => own.results.store(inS3('run-2')),
      removeErased: () => Promise.resolve(0),
    });
    try {
      own.held.set(JOB_ID, 'run-1');
      own.hooks.onLook = (look) => {
        if (look === 3) own.held.set(JOB_ID, 'run-2');
      };

      await expect(own.results.store(inS3('run-1'))).rejects.toThrow(/no longer of this claim/);

      expect(await own.results.ofInterview('interview-7')).toMatchObject([{ run_id: 'run-2' }]);
    } finally {
      await own.close();
    }
  });

  it('stores nothing of an interview that was erased', async () => {
    await at.erased.mark('interview-7');

    await expect(at.results.store(ofRun('run-1'))).rejects.toThrow(/was erased/);

    expect(await at.collection('results').countDocuments()).toBe(0);
  });

  it('takes back what it wrote when the interview is erased while it writes', async () => {
    at.hooks.onLook = async (look) => {
      if (look === 2) await at.erased.mark('interview-7');
    };

    await expect(at.results.store(ofRun('run-1'))).rejects.toThrow(/was erased/);

    expect(await at.collection('results').countDocuments()).toBe(0);
  });

  it('removes what is past its retention and nothing else', async () => {
    await at.results.store(result({ interviewDigest: DIGEST, retentionDays: 1 }));
    await at.results.store(
      result({
        interviewDigest: DIGEST,
        job: job({ key: 'other.mp4' }),
        facts: facts(),
        retentionDays: undefined,
      }),
    );

    expect(await at.results.removeExpired(new Date(NOW.getTime() + 86_399_000))).toBe(0);
    expect(await at.results.removeExpired(new Date(NOW.getTime() + 86_400_000))).toBe(1);
    expect(await at.results.ofInterview('interview-7')).toMatchObject([{ key: 'other.mp4' }]);
  });

  it('moves a series that is too large for its document to S3, and removes it with it', async () => {
    const s3 = s3Client();
    const bucket = await freshBucket();
    const series = createSeriesObjects(createObjectFolder(s3, bucket), 'series');
    const own = await resultsUnderTest(series);
    try {
      own.held.set(JOB_ID, 'run-1');
      const given = ofRun('run-1');
      const long = Array.from({ length: 900_000 }, (_, second) => second);
      if (given.series.stored !== 'document') throw new Error('a series of its document');
      const columns = { ...given.series.columns, time: long };

      await own.results.store({ ...given, series: { stored: 'document', columns } });

      const [stored] = await own.results.ofInterview('interview-7');
      if (stored?.series.stored !== 's3') throw new Error(`stored ${stored?.series.stored}`);
      expect((await series.read(stored.series))?.time).toHaveLength(900_000);
      expect(await own.results.removeErased([DIGEST])).toBe(1);
      expect(await series.read(stored.series)).toBeUndefined();
    } finally {
      await own.close();
      s3.destroy();
    }
  });
});
