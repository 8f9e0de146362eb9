import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics, PipelineMetrics } from '../../../platform/metrics/metrics.js';
import { JOB_STATUS } from '../contract/job.js';
import type { JobCounts } from '../jobs/interview-jobs.js';
import { JOB_OUTCOMES, type JobOutcome } from '../contract/job-run.js';

/** What becomes of a message of the jobs' queue; after the last two it is redelivered, or somebody else's. */
export const MESSAGE_OUTCOMES = [
  'admitted',
  'woken',
  'known',
  'ignored',
  'malformed',
  'failed',
  'lost',
] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];
const DELETED: readonly MessageOutcome[] = ['admitted', 'woken', 'known', 'ignored', 'malformed'];

/** What a process counts for interviews. No label grows with the jobs. */
export interface InterviewsMetrics extends PipelineMetrics<MessageOutcome> {
  messageEnded(queueUrl: string, outcome: MessageOutcome, seconds: number): void;
  /** @param errorType of a failed one */
  jobEnded(outcome: JobOutcome, errorType?: string): void;
  /** An attempt that failed and is made again. */
  attemptFailed(errorType: string): void;
  /** One attempt at a step of a job. */
  step(step: string, seconds: number, result: 'ok' | 'failed'): void;
}

/** What is read whenever the metrics are collected. */
export interface InterviewsMetricSources {
  heldJobs: () => number;
  /** Of the whole installation; undefined where this process does not count them, or cannot. */
  countedJobs: () => JobCounts | undefined;
  /** Share of the memory limit in use, from 0 to 1; undefined where it is not watched. */
  memoryUsed: () => number | undefined;
}

/** From a look at a small file to an hour's video. */
const STEP_SECONDS = [0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600];

export function createInterviewsMetrics(
  metrics: Metrics,
  sources: InterviewsMetricSources,
): InterviewsMetrics {
  const { registry } = metrics;
  const registers = [registry];
  const shared = metrics.of({
    pipeline: 'interviews',
    outcomes: MESSAGE_OUTCOMES,
    acknowledged: DELETED,
    returnReasons: [],
    openBatches: sources.heldJobs,
  });
  const jobs = new Counter({
    name: 'vachan_interview_jobs_total',
    help: 'Jobs of interviews that ended, by outcome; error_type is empty unless they failed.',
    labelNames: ['outcome', 'error_type'],
    registers,
  });
  const ended = { completed: 0, failed: 0 };
  for (const outcome of JOB_OUTCOMES) jobs.inc({ outcome, error_type: '' }, 0);
  const attempts = new Counter({
    name: 'vachan_interview_failed_attempts_total',
    help: 'Attempts at jobs that failed and are made again, by the type of the error.',
    labelNames: ['error_type'],
    registers,
  });
  const steps = new Histogram({
    name: 'vachan_interview_step_duration_seconds',
    help: 'One attempt at a step of a job.',
    labelNames: ['step', 'result'],
    buckets: STEP_SECONDS,
    registers,
  });
  new Gauge({
    name: 'vachan_interview_jobs',
    help: 'Jobs of the whole installation by state, as each orchestrator counts them: take the greatest.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      const counted = sources.countedJobs();
      if (counted === undefined) return;
      const { byStatus, ready } = counted;
      this.set({ state: 'waiting' }, byStatus[JOB_STATUS.pending] - ready);
      this.set({ state: 'ready' }, ready);
      this.set({ state: 'processing' }, byStatus[JOB_STATUS.processing]);
      this.set({ state: 'failed' }, byStatus[JOB_STATUS.failed]);
      this.set({ state: 'completed' }, byStatus[JOB_STATUS.completed]);
    },
  });
  new Gauge({
    name: 'vachan_interview_memory_used_ratio',
    help: 'Share of the memory limit in use, without page cache; absent where it is not watched.',
    registers,
    collect() {
      const used = sources.memoryUsed();
      if (used !== undefined) this.set(used);
    },
  });
  return {
    ...shared,
    messageEnded(queueUrl, outcome, seconds) {
      shared.processed(queueUrl, seconds);
      const counts = Object.fromEntries(MESSAGE_OUTCOMES.map((one) => [one, one === outcome ? 1 : 0]));
      shared.addOutcomes(counts as Record<MessageOutcome, number>);
    },
    jobEnded(outcome, errorType = '') {
      jobs.inc({ outcome, error_type: errorType });
      if (outcome === 'completed' || outcome === 'failed') ended[outcome]++;
    },
    // Most jobs come by the database, without a message.
    ended: () => ({ ...ended }),
    attemptFailed: (errorType) => attempts.inc({ error_type: errorType }),
    step: (step, seconds, result) => steps.observe({ step, result }, seconds),
  };
}
