import type { JobStatus } from '../../../../src/pipelines/interviews/contract/job.js';
import {
  queueStats,
  queueStatus,
  type FigureParts,
} from '../../../../src/pipelines/interviews/http/queue-figures.js';
import { COMPONENTS } from '../../../../src/pipelines/interviews/http/schemas.js';
import { startOfDay } from '../../../../src/pipelines/interviews/http/start-of-day.js';
import { openApiDescription } from '../../../../src/workers/api/openapi.js';
import type { EndedJobs } from '../../../../src/pipelines/interviews/jobs/interview-jobs.js';

const byStatus: Record<JobStatus, number> = { '0': 15, '1': 3, '2': 2, '3': 5 };

function parts(ended: EndedJobs, overrides: Partial<FigureParts> = {}): FigureParts & { since: Date[] } {
  const since: Date[] = [];
  return {
    config: { ENABLE_STREAMING_PROCESSING: true, MAX_CONCURRENT_JOBS: 3, STATS_TIME_ZONE: 'Asia/Kolkata' },
    jobs: {
      count: () => Promise.resolve({ total: 25, byStatus, ready: 4 }),
      endedSince: (from) => {
        since.push(from);
        return Promise.resolve(ended);
      },
    },
    memory: () => ({ used: 0.651, constrained: false, recommendedJobs: 3 }),
    workerPlaces: () => Promise.resolve([3]),
    now: () => new Date('2026-03-01T20:00:00.000Z'),
    ...overrides,
    since,
  };
}

const none: EndedJobs = { completed: 0, failed: 0, averageSeconds: null };

test('the status has the keys and the values that programs know it by', async () => {
  const status = await queueStatus(parts(none));
  expect(COMPONENTS.InterviewQueueStatus.parse(status)).toEqual(status);
  expect(status).toMatchObject({
    total_jobs: 25,
    pending_jobs: 15,
    processing_jobs: 3,
    failed_jobs: 2,
    completed_jobs: 5,
    active_jobs_count: 3,
    processing_method: 'streaming_s3',
    max_concurrent_jobs: 3,
  });
});

test('the status adds up the places of all live processes, and says what memory suffices for', async () => {
  const memory = { used: 0.9, constrained: true, recommendedJobs: 1 };
  const status = await queueStatus(
    parts(none, { memory: () => memory, workerPlaces: () => Promise.resolve([3, undefined, 2]) }),
  );
  expect(status).toMatchObject({
    ...{ status: 'memory_constrained', recommended_jobs: 1 },
    ...{ max_concurrent_jobs: 8, worker_processes: 3 },
  });
  const nobody = await queueStatus(parts(none, { workerPlaces: () => Promise.resolve([]) }));
  expect(nobody).toMatchObject({ max_concurrent_jobs: 0, worker_processes: 0 });
});

test('a download into the scratch folder is called by its name', async () => {
  const config = { ...parts(none).config, ENABLE_STREAMING_PROCESSING: false };
  expect(await queueStatus(parts(none, { config }))).toMatchObject({ processing_method: 'scratch_download' });
});

test('the statistics are of the jobs that ended today, in words and in numbers', async () => {
  const figures = parts({ completed: 43, failed: 2, averageSeconds: 510 });
  const stats = await queueStats(figures);
  expect(COMPONENTS.InterviewQueueStats.parse(stats)).toEqual(stats);
  expect(stats).toMatchObject({
    jobs_processed_today: 45,
    success_rate: 0.9556,
    average_processing_time: '8.5 minutes',
    average_processing_seconds: 510,
    memory_usage: '65%',
    memory_usage_ratio: 0.651,
    active_concurrent_jobs: 3,
    day_started_at: '2026-03-01T18:30:00.000Z',
  });
  expect(figures.since).toEqual([new Date('2026-03-01T18:30:00.000Z')]);
});

test.each([
  [3, '0.05 minutes'],
  [6, '0.1 minutes'],
  [59, '1.0 minutes'],
])('an average of %i seconds is never shown as nothing', async (averageSeconds, words) => {
  const stats = await queueStats(parts({ completed: 1, failed: 0, averageSeconds }));
  expect(stats.average_processing_time).toBe(words);
});

test('what is not known is null, and never 0', async () => {
  const memory = { used: undefined, constrained: false, recommendedJobs: undefined };
  const stats = await queueStats(parts(none, { memory: () => memory }));
  expect(COMPONENTS.InterviewQueueStats.parse(stats)).toEqual(stats);
  expect(stats).toMatchObject({
    ...{ jobs_processed_today: 0, success_rate: null, average_processing_time: null },
    ...{ average_processing_seconds: null, memory_usage: null, memory_usage_ratio: null },
  });
});

test('what is taken and answered can be described to programs', () => {
  const description = openApiDescription({ components: COMPONENTS, operations: [] }, '0.0.0');
  expect(JSON.stringify(description)).toContain(
    '"interview_type":{"type":"string","enum":["video","audio"]}',
  );
});

test.each([
  ['2026-03-01T20:00:00Z', 'UTC', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T00:00:00Z', 'UTC', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T18:29:59Z', 'Asia/Kolkata', '2026-02-28T18:30:00.000Z'],
  ['2026-03-01T02:00:00Z', 'America/New_York', '2026-02-28T05:00:00.000Z'],
  // A day of 25 hours, and one of 23.
  ['2026-10-25T22:59:00Z', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  ['2026-03-29T21:59:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  // Clocks go forward at midnight: there is no 00:00.
  ['2026-04-24T10:00:00Z', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
])('the day of %s in %s began at %s', (now, timeZone, start) => {
  expect(startOfDay(new Date(now), timeZone).toISOString()).toBe(start);
});
