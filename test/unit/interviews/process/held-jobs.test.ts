import type { InterviewJob } from '../../../../src/pipelines/interviews/contract/job.js';
import { PlaceGone } from '../../../../src/pipelines/interviews/errors.js';
import { createHeldJobs, isFinished } from '../../../../src/pipelines/interviews/process/held-jobs.js';

const OBJECT = { size: 1, etag: '"e"' };
const ref = (jobId: string, runId = 'run-1') => ({ job_id: jobId, run_id: runId });

function holding(...ids: string[]) {
  const held = createHeldJobs(1_000);
  for (const id of ids) held.hold({ job: { job_id: id } as InterviewJob, runId: 'run-1', object: OBJECT });
  return held;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the places of a process', () => {
  test('are taken by a job until it has ended', async () => {
    const held = holding('a', 'b');
    expect(held.size).toBe(2);
    held.finish(ref('a'));
    expect(held.size).toBe(1);
    await expect(held.use(ref('a'), () => Promise.resolve())).rejects.toBeInstanceOf(PlaceGone);
  });

  test('are none of another run of the same job', async () => {
    const held = holding('a');
    await expect(held.use(ref('a', 'run-2'), () => Promise.resolve())).rejects.toBeInstanceOf(PlaceGone);
    held.finish(ref('a', 'run-2'));
    expect(held.size).toBe(1);
  });

  test('are given back after a time in which nothing came for the job', async () => {
    const held = holding('a');
    jest.advanceTimersByTime(900);
    await held.use(ref('a'), () => Promise.resolve());
    jest.advanceTimersByTime(999);
    expect(held.size).toBe(1);
    jest.advanceTimersByTime(1);
    expect(held.size).toBe(0);
  });

  test('are kept as long as anything works on the job', async () => {
    const held = holding('a');
    let end = (): void => undefined;
    const working = held.use(ref('a'), () => new Promise<void>((resolve) => (end = resolve)));
    jest.advanceTimersByTime(100_000);
    expect(held.size).toBe(1);
    end();
    await working;
  });

  test('that are given back end the work on them, which fails as that', async () => {
    const held = holding('a', 'b');
    const working = held.use(
      ref('a'),
      ({ gone }) =>
        new Promise<void>((_, reject) =>
          gone.addEventListener('abort', () => reject(new Error('whatever was cut short'))),
        ),
    );
    await held.giveBackAll();
    await expect(working).rejects.toBeInstanceOf(PlaceGone);
    expect(held.size).toBe(0);
  });

  test('tell a job that has ended from one that was given back', async () => {
    const held = holding('a', 'b');
    const seen = new Map<string, boolean>();
    const watch = (id: string): Promise<void> =>
      held.use(ref(id), (place) => {
        place.gone.addEventListener('abort', () => seen.set(id, isFinished(place)));
        return Promise.resolve();
      });
    await Promise.all([watch('a'), watch('b')]);
    held.finish(ref('a'));
    await held.giveBackAll();
    expect(Object.fromEntries(seen)).toEqual({ a: true, b: false });
  });

  test('of an attempt that is still here are let go when the job is taken again', () => {
    const held = holding('a');
    let changes = 0;
    held.onChange(() => (changes += 1));
    held.hold({ job: { job_id: 'a' } as InterviewJob, runId: 'run-2', object: OBJECT });
    expect(held.size).toBe(1);
    expect(changes).toBe(2);
  });
});
