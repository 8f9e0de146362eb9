import type { Places } from '../../../contract/backlog.js';
import { averageMinutes } from '../jobs/average-minutes.js';
import type { InterviewJobs } from '../jobs/interview-jobs.js';
import type { MemoryState } from '../process/memory-gate.js';
import type { InterviewsSettings } from '../settings/index.js';
import type { QueueStats, QueueStatus } from './schemas.js';
import { startOfDay } from './start-of-day.js';

export interface FigureParts {
  config: Pick<InterviewsSettings, 'ENABLE_STREAMING_PROCESSING' | 'MAX_CONCURRENT_JOBS' | 'STATS_TIME_ZONE'>;
  jobs: Pick<InterviewJobs, 'count' | 'endedSince'>;
  memory: () => MemoryState;
  /** Of the live worker processes, each one's places. */
  workerPlaces: () => Promise<Places>;
  now?: () => Date;
}

export async function queueStatus({
  config,
  jobs,
  memory,
  workerPlaces,
  now = () => new Date(),
}: FigureParts): Promise<QueueStatus> {
  const [{ total, byStatus, ready }, places] = await Promise.all([jobs.count(), workerPlaces()]);
  const { constrained, recommendedJobs } = memory();
  return {
    status: constrained ? 'memory_constrained' : 'ok',
    total_jobs: total,
    pending_jobs: byStatus['0'],
    processing_jobs: byStatus['1'],
    failed_jobs: byStatus['2'],
    completed_jobs: byStatus['3'],
    active_jobs_count: byStatus['1'],
    processing_method: config.ENABLE_STREAMING_PROCESSING ? 'streaming_s3' : 'scratch_download',
    // A process of another build may not say how many it takes.
    max_concurrent_jobs: places.reduce<number>((sum, own) => sum + (own ?? config.MAX_CONCURRENT_JOBS), 0),
    ready_jobs: ready,
    worker_processes: places.length,
    recommended_jobs: recommendedJobs ?? null,
    measured_at: now().toISOString(),
  };
}

export async function queueStats({
  config,
  jobs,
  memory,
  now = () => new Date(),
}: FigureParts): Promise<QueueStats> {
  const at = now();
  const dayStart = startOfDay(at, config.STATS_TIME_ZONE);
  const [{ completed, failed, averageSeconds }, { byStatus }] = await Promise.all([
    jobs.endedSince(dayStart),
    jobs.count(),
  ]);
  const ended = completed + failed;
  const { used } = memory();
  return {
    jobs_processed_today: ended,
    success_rate: ended === 0 ? null : rounded(completed / ended, 4),
    average_processing_time: averageSeconds === null ? null : averageMinutes(averageSeconds),
    memory_usage: used === undefined ? null : `${Math.round(used * 100)}%`,
    active_concurrent_jobs: byStatus['1'],
    jobs_completed_today: completed,
    jobs_failed_today: failed,
    average_processing_seconds: averageSeconds === null ? null : rounded(averageSeconds, 3),
    memory_usage_ratio: used === undefined ? null : rounded(Math.min(1, used), 4),
    day_started_at: dayStart.toISOString(),
    measured_at: at.toISOString(),
  };
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
