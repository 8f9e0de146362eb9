import type { VideoSample } from '#vachan/pipelines/interviews/contract/video-sample.js';
import {
  createCombine,
  type CombineParts,
  type Reducers,
} from '#vachan/pipelines/interviews/results/combine.js';
import type { ChunkPart, PassPart } from '#vachan/pipelines/interviews/results/interview-parts.js';
import { audioPart, facts, job, JOB_ID, NOW, sample } from './factories.js';

const OF = { job_id: JOB_ID, run_id: 'run-1', etag: '"one"' };

/** Reducers that show what they were given. */
function reducers(seen: { samples: number[]; asked: unknown[] }): Reducers {
  return {
    video: (samples) => {
      seen.samples.push(...samples.map(({ k }) => k));
      return {
        faces: { engine: { name: 'blazeface', version: '1' } },
        eyes: { engine: { name: 'iris', version: '2' } },
      } as never;
    },
    audio: () => ({
      audio: { engine: { name: 'vachan', version: '3' } } as never,
      speech: { engine: { name: 'silero-vad', version: '6.2' } } as never,
      transcript: { absent: 'no_model' },
    }),
    content: (said) => {
      seen.asked.push(said.questions);
      return Promise.resolve({ absent: 'no_transcript' });
    },
  };
}

function combineOf(pass: PassPart, chunks: readonly ChunkPart[], given: Partial<CombineParts> = {}) {
  const seen = { samples: [] as number[], asked: [] as unknown[] };
  const combine = createCombine({
    parts: {
      readPass: () => Promise.resolve(pass),
      readChunks: (_, count) => Promise.resolve(chunks.slice(0, count)),
    },
    reducers: reducers(seen),
    digestOf: () => 'a'.repeat(32),
    retentionDays: undefined,
    now: () => NOW,
    ...given,
  });
  return { combine, seen };
}

const chunk = (...samples: VideoSample[]): ChunkPart => ({ samples });

describe('combining the parts of an attempt', () => {
  it('reduces the samples of all chunks together, in the order of the grid and each place once', async () => {
    const { combine, seen } = combineOf({ facts: facts(), audio: audioPart() }, [
      chunk(sample(2), sample(3)),
      chunk(sample(0), sample(1), sample(2)),
    ]);

    const result = await combine({ job: job(), of: OF, chunks: 2, every: 1 });

    expect(seen.samples).toEqual([0, 1, 2, 3]);
    expect(result.schedule).toEqual({ every: 1, taken: [[0, 3]] });
    expect(result.engines).toEqual([
      { name: 'blazeface', version: '1' },
      { name: 'iris', version: '2' },
      { name: 'silero-vad', version: '6.2' },
      { name: 'vachan', version: '3' },
    ]);
  });

  it('says what of the medium was found, and how long it took', async () => {
    const { combine } = combineOf({ facts: facts(), audio: undefined }, [chunk(sample(0))], {
      retentionDays: 2,
    });

    const result = await combine({ job: job(), of: OF, chunks: 1, every: 1 });

    expect(result.media.video).toMatchObject({ seconds: 4, keyframe_interval: 2.5 });
    expect(result.timings.seconds).toBe(10);
    expect(result.expires_at).toEqual(new Date('2026-03-03T10:00:00Z'));
    expect(result.not_measured).toContain('emotion');
  });

  it('leaves out what the file has no stream for, rather than calling it zero', async () => {
    const { video: _, ...sound } = facts();
    const { combine, seen } = combineOf({ facts: sound, audio: audioPart() }, []);

    const result = await combine({ job: job({ interview_type: 'audio' }), of: OF, chunks: 0, every: 1 });

    expect(result).not.toHaveProperty('video');
    expect(result).not.toHaveProperty('schedule');
    expect(result.transcript).toEqual({ absent: 'no_model' });
    expect(seen.asked).toEqual([[]]);
    const { combine: silent } = combineOf({ facts: facts(), audio: undefined }, [chunk(sample(0))]);
    const seenOnly = await silent({ job: job(), of: OF, chunks: 1, every: 1 });
    for (const absent of ['audio', 'speech', 'transcript', 'content'])
      expect(seenOnly).not.toHaveProperty(absent);
  });

  it('draws seconds on the container’s clock, with nulls where nothing was seen or heard', async () => {
    const seconds = audioPart().seconds.slice(1, 3);
    const late = audioPart({ start: 2, seconds: seconds.map((second) => ({ ...second, k: second.k + 1 })) });
    const { combine } = combineOf({ facts: facts(), audio: late }, [
      chunk(sample(0), sample(1, { faces: [] }), sample(3)),
    ]);

    const { series } = await combine({ job: job(), of: OF, chunks: 1, every: 1 });

    expect(series).toMatchObject({
      stored: 'document',
      columns: {
        time: [0, 1, 2, 3],
        faces: [1, 0, null, 1],
        yaw: [0, null, null, 3],
        level: [null, null, -20, -21],
        pitch_hz: [null, null, 121.2, 118],
      },
    });
  });
});
