import { createOpenJobs } from '../../../../src/pipelines/exports/metrics/open-jobs.js';

describe('the jobs that run', () => {
  afterEach(() => jest.useRealTimers());

  it('are counted by state, and not told of once nobody can say for two minutes', async () => {
    jest.useFakeTimers();
    const counts = { running: 3, paused: 1 };
    let away = false;
    const jobs = createOpenJobs(
      (state) => (away ? Promise.reject(new Error('away')) : Promise.resolve(counts[state])),
      () => Date.now(),
    );
    expect(jobs.current()).toBeUndefined();
    jobs.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(jobs.current()).toEqual({ running: 3, paused: 1 });
    counts.running = 5;
    await jest.advanceTimersByTimeAsync(15_000);
    expect(jobs.current()).toEqual({ running: 5, paused: 1 });
    away = true;
    await jest.advanceTimersByTimeAsync(119_000);
    expect(jobs.current()).toEqual({ running: 5, paused: 1 });
    await jest.advanceTimersByTimeAsync(15_000);
    expect(jobs.current()).toBeUndefined();
    await jobs.close();
  });
});
