import { interviewDigest } from '#vachan/pipelines/interviews/interview-digest.js';
import { audioPart, facts, JOB_ID, sample } from '../../../unit/interviews/results/factories.js';
import { ID_KEY, resultsUnderTest } from './results-under-test.js';

const DIGEST = interviewDigest('interview-7', ID_KEY);
const OF = { job_id: JOB_ID, run_id: 'run-1', etag: '"one"' };

describe('parts in MongoDB', () => {
  let at: Awaited<ReturnType<typeof resultsUnderTest>>;
  beforeAll(async () => {
    at = await resultsUnderTest();
  });
  afterEach(() => at.parts.removeErased([DIGEST]));
  afterAll(() => at.close());

  it('gives back what the stages of an attempt have put, in the order of their chunks', async () => {
    const pass = { facts: facts(), audio: audioPart() };
    await at.parts.putChunk(OF, DIGEST, 1, { samples: [sample(2)] });
    await at.parts.putChunk(OF, DIGEST, 0, { samples: [sample(0), sample(1)] });
    await at.parts.putPass(OF, DIGEST, pass);

    expect(await at.parts.readPass(OF)).toEqual(pass);
    expect(await at.parts.readChunks(OF, 2)).toEqual([
      { samples: [sample(0), sample(1)] },
      { samples: [sample(2)] },
    ]);
  });

  it('replaces what an earlier try has put, and answers the same hash for the same', async () => {
    const [first, again] = await Promise.all([
      at.parts.putChunk(OF, DIGEST, 0, { samples: [sample(0)] }),
      at.parts.putChunk(OF, DIGEST, 0, { samples: [sample(0)] }),
    ]);

    expect(again.hash).toBe(first.hash);
    expect(await at.collection('parts').countDocuments()).toBe(1);
  });

  it('tells what is there from an earlier try of the same claim, and how the video was divided then', async () => {
    const index = { facts: facts(), chunks: [{ k: 0, from: 0, to: 60 }], every: 2 };
    const put = await at.parts.putIndex(OF, DIGEST, index);

    expect(await at.parts.readIndex(OF)).toEqual(index);
    expect(await at.parts.found(OF, 'index')).toEqual(put);
    expect(await at.parts.found(OF, 'chunk', 0)).toBeUndefined();
    expect(await at.parts.found({ ...OF, run_id: 'run-2' }, 'index')).toBeUndefined();
  });

  it('never mixes attempts or contents: what another one has put is missing', async () => {
    await at.parts.putPass(OF, DIGEST, { facts: facts(), audio: undefined });
    await at.parts.putChunk(OF, DIGEST, 0, { samples: [] });

    await expect(at.parts.readPass({ ...OF, run_id: 'run-2' })).rejects.toThrow(
      /expected its part, found none/,
    );
    await expect(at.parts.readPass({ ...OF, etag: '"two"' })).rejects.toThrow(
      /expected its part, found none/,
    );
    await expect(at.parts.readChunks(OF, 2)).rejects.toThrow('chunk 1 of 2');
  });

  it('removes those of erased interviews, and lets all vanish after a week', async () => {
    await at.parts.putChunk(OF, DIGEST, 0, { samples: [] });

    expect(await at.parts.removeErased(['f'.repeat(32)])).toBe(0);
    expect(await at.parts.removeErased([DIGEST])).toBe(1);
    expect(await at.collection('parts').indexes()).toContainEqual(
      expect.objectContaining({ key: { put_at: 1 }, expireAfterSeconds: 604_800 }),
    );
  });
});
