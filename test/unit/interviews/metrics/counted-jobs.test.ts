import { createCountedJobs } from '#vachan/pipelines/interviews/metrics/counted-jobs.js';
import { createInterviewsMetrics } from '#vachan/pipelines/interviews/metrics/interviews-metrics.js';
import { createMetrics } from '#vachan/platform/metrics/metrics.js';

const COUNTS = { total: 15, byStatus: { '0': 7, '1': 3, '2': 1, '3': 4 }, ready: 5 };

describe('the jobs that are counted', () => {
  afterEach(() => jest.useRealTimers());

  it('are told of for five minutes after nobody can count them any more', async () => {
    jest.useFakeTimers();
    let away = false;
    const jobs = createCountedJobs(
      () => (away ? Promise.reject(new Error('away')) : Promise.resolve(COUNTS)),
      () => Date.now(),
    );
    expect(jobs.current()).toBeUndefined();
    jobs.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(jobs.current()).toBe(COUNTS);
    away = true;
    await jest.advanceTimersByTimeAsync(299_000);
    expect(jobs.current()).toBe(COUNTS);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(jobs.current()).toBeUndefined();
    await jobs.close();
  });

  it('tell those that wait for their object from those that wait for a place', async () => {
    const metrics = createMetrics();
    createInterviewsMetrics(metrics, {
      heldJobs: () => 0,
      countedJobs: () => COUNTS,
      memoryUsed: () => undefined,
    });
    const page = await metrics.registry.metrics();
    for (const [state, count] of [
      ['waiting', 2],
      ['ready', 5],
      ['processing', 3],
      ['failed', 1],
      ['completed', 4],
    ])
      expect(page).toContain(`vachan_interview_jobs{state="${state}"} ${count}\n`);
  });
});
