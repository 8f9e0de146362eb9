import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Metrics, PipelineMetrics } from '../../../platform/metrics/metrics.js';
import type { ByteBudget } from '../../../platform/byte-budget.js';
import { queueName } from '../../../platform/text/queue-name.js';
import type { HeldAge } from '../../../queue/consume.js';
import type { Fragment } from '../contract/fragment.js';
import { JOB_STATES, type JobState } from '../contract/result.js';
import { OPEN_STATES, type OpenJobs } from './open-jobs.js';
import { DELETED, MESSAGE_OUTCOMES, type MessageOutcome } from './outcomes.js';

/** What a process counts for exports. No label grows with the jobs: sources, queues and reasons are short lists. */
export interface ExportsMetrics extends PipelineMetrics<MessageOutcome> {
  messageEnded(queueUrl: string, outcome: MessageOutcome, seconds: number): void;
  jobEnded(state: JobState | 'already_done'): void;
  tasksDispatched(tasks: number): void;
  fileSettled(
    fragment: Pick<Fragment, 'state' | 'reason' | 'entries' | 'rejected_by_reason' | 'bytes' | 'seconds'>,
  ): void;
  apiCalled(source: string, operation: string, result: string, seconds: number): void;
}

/** What is read whenever the metrics are collected. */
export interface ExportsMetricSources {
  held: () => readonly HeldAge[];
  budget: () => Pick<ByteBudget, 'heldBytes' | 'limitBytes' | 'waiting'> | undefined;
  breakers: () => readonly { source: string; state: string }[];
  /** Jobs that run, by state; undefined in a process that does not count them. */
  openJobs: () => OpenJobs | undefined;
  /** Listed files that no task has been sent for, of the jobs that this process looked at last. */
  undispatched: () => number;
}

/** From milliseconds of a status to a slow page of a thousand files. */
const API_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createExportsMetrics(metrics: Metrics, sources: ExportsMetricSources): ExportsMetrics {
  const { registry } = metrics;
  const registers = [registry];
  const shared = metrics.of({
    pipeline: 'exports',
    outcomes: MESSAGE_OUTCOMES,
    acknowledged: DELETED,
    returnReasons: [],
    openBatches: () => sources.held().length,
  });
  const messages = new Counter({
    name: 'vachan_export_messages_total',
    help: 'Deliveries of messages of exports that ended, by queue and outcome.',
    labelNames: ['queue', 'outcome'],
    registers,
  });
  const jobs = new Counter({
    name: 'vachan_export_jobs_total',
    help: 'Jobs that ended, by their state.',
    labelNames: ['state'],
    registers,
  });
  for (const state of [...JOB_STATES, 'already_done']) jobs.inc({ state }, 0);
  const dispatched = new Counter({
    name: 'vachan_export_tasks_dispatched_total',
    help: 'Download tasks that were sent.',
    registers,
  });
  const api = new Histogram({
    name: 'vachan_export_api_call_duration_seconds',
    help: 'Calls of an Export API, each attempt, by source, operation and result.',
    labelNames: ['source', 'operation', 'result'],
    buckets: API_SECONDS,
    registers,
  });
  showState(registry, sources);
  return {
    ...shared,
    ...createFileMetrics(registry),
    messageEnded(queueUrl, outcome, seconds) {
      messages.inc({ queue: queueName(queueUrl), outcome });
      shared.processed(queueUrl, seconds);
      const counts = Object.fromEntries(MESSAGE_OUTCOMES.map((one) => [one, one === outcome ? 1 : 0]));
      shared.addOutcomes(counts as Record<MessageOutcome, number>);
    },
    jobEnded: (state) => jobs.inc({ state }),
    tasksDispatched: (tasks) => dispatched.inc(tasks),
    apiCalled: (source, operation, result, seconds) => api.observe({ source, operation, result }, seconds),
  };
}

function createFileMetrics(registry: Registry): Pick<ExportsMetrics, 'fileSettled'> {
  const registers = [registry];
  const files = new Counter({
    name: 'vachan_export_files_total',
    help: 'Files that were settled; reason is empty where every entry has a row.',
    labelNames: ['state', 'reason'],
    registers,
  });
  const entries = new Counter({
    name: 'vachan_export_entries_total',
    help: 'Entries of settled files by outcome; the rejected ones by reason.',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  const bytes = new Counter({
    name: 'vachan_export_bytes_total',
    help: 'Bytes of settled files: downloaded, inflated, uploaded.',
    labelNames: ['stage'],
    registers,
  });
  const seconds = new Counter({
    name: 'vachan_export_stage_seconds_total',
    help: 'Seconds that settled files took, by stage; stages of one file overlap.',
    labelNames: ['stage'],
    registers,
  });
  return {
    fileSettled({ state, reason = '', entries: found, rejected_by_reason: rejected, ...of }) {
      files.inc({ state, reason });
      entries.inc({ outcome: 'uploaded', reason: '' }, found.uploaded);
      entries.inc({ outcome: 'skipped_equal', reason: '' }, found.skipped_equal);
      for (const [why, count] of Object.entries(rejected)) {
        entries.inc({ outcome: 'rejected', reason: why }, count);
      }
      bytes.inc({ stage: 'download' }, of.bytes.downloaded);
      bytes.inc({ stage: 'inflate' }, of.bytes.inflated);
      bytes.inc({ stage: 'upload' }, of.bytes.uploaded);
      for (const stage of ['download', 'inflate', 'upload'] as const) {
        seconds.inc({ stage }, of.seconds[stage]);
      }
    },
  };
}

/** What is so at the moment. */
function showState(registry: Registry, sources: ExportsMetricSources): void {
  const { held, budget, breakers, undispatched, openJobs } = sources;
  const registers = [registry];
  new Gauge({
    name: 'vachan_export_jobs_open',
    help: 'Jobs that run, by state: running or paused; the whole installation’s, as each orchestrator counts it.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      const jobs = openJobs();
      if (jobs !== undefined) for (const state of OPEN_STATES) this.set({ state }, jobs[state]);
    },
  });
  new Gauge({
    name: 'vachan_export_files_undispatched',
    help: 'Listed files without a task yet, since a job may have so many out at once; the sum of all orchestrators.',
    registers,
    collect() {
      this.set(undispatched());
    },
  });
  new Gauge({
    name: 'vachan_export_oldest_message_age_seconds',
    help: 'Age of the oldest message that this process holds, since it was sent.',
    registers,
    collect() {
      this.set(Math.max(0, ...held().map(({ ageSeconds }) => ageSeconds)));
    },
  });
  new Gauge({
    name: 'vachan_export_visibility_left_seconds',
    help: 'Until SQS ends the first of the receives that this process holds, 12 hours after it began.',
    registers,
    collect() {
      this.reset();
      const left = held().map(({ secondsLeft }) => secondsLeft);
      if (left.length > 0) this.set(Math.min(...left));
    },
  });
  new Gauge({
    name: 'vachan_export_buffer_bytes',
    help: 'Bytes in memory that tasks hold of EXPORT_BUFFER_BYTES, the limit, and the requests that wait.',
    labelNames: ['what'],
    registers,
    collect() {
      const use = budget();
      if (use === undefined) return;
      this.set({ what: 'held' }, use.heldBytes);
      this.set({ what: 'limit' }, use.limitBytes);
      this.set({ what: 'requests_waiting' }, use.waiting);
    },
  });
  new Gauge({
    name: 'vachan_export_api_breaker_open',
    help: 'Whether the circuit breaker of a source is open: 1, half open: 0.5, closed: 0.',
    labelNames: ['source'],
    registers,
    collect() {
      for (const { source, state } of breakers()) this.set({ source }, BREAKER_VALUES[state] ?? 0);
    },
  });
}

const BREAKER_VALUES: Readonly<Record<string, number>> = { open: 1, half_open: 0.5, closed: 0 };
