import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { ReturnCounts } from '../../contract/outcome.js';
import {
  OUTCOMES,
  RETURN_REASONS,
  noOutcomes,
  type RecordingOutcomes,
} from '../../pipelines/recordings/contract/outcome.js';
import { addCounts } from '../../contract/counts.js';
import { createBacklogMetrics, type BacklogMetrics } from './backlog-metrics.js';
import { createPoolMetrics, type PoolMetrics, type PoolUse } from './pool-metrics.js';
import { createQueueMetrics, type QueueMetrics } from './queue-metrics.js';
import { createStageMetrics, type StageMetrics } from './stage-metrics.js';

/** What can be tried again, and is counted when it is. */
export const RETRIED = ['activity', 'download', 'delivery'] as const;
export type Retried = (typeof RETRIED)[number];

/**
 * What this process counts. Labels are names from short lists (outcomes, stages, queues that settings name), never an
 * id or anything else that grows with the records.
 */
export interface Metrics extends QueueMetrics, StageMetrics, PoolMetrics, BacklogMetrics {
  readonly registry: Registry;
  /** Counts a batch's deliveries by outcome. */
  addOutcomes(counts: RecordingOutcomes): void;
  /** Counts a recording that ended as `failed_pre_inference`, by the name of its error. */
  addFailure(errorType: string): void;
  /** Counts deliveries that went back without an outcome, by reason. */
  addReturns(counts: ReturnCounts): void;
  addRetries(what: Retried, times?: number): void;
  /** Deliveries by outcome since the process started. */
  outcomes(): RecordingOutcomes;
  /** Deliveries that were deleted from SQS since the process started. */
  acknowledged(): number;
}

/** What is read whenever the metrics are collected. */
export interface MetricSources {
  openBatches: () => number;
  /** Which models score, by role. */
  models?: () => Partial<Record<string, { name: string; version: string } | undefined>>;
  /** Missing, or undefined for now, where there is no pool. */
  poolUse?: () => PoolUse | undefined;
}

export function createMetrics({
  openBatches,
  models = () => ({}),
  poolUse = () => undefined,
}: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const deliveries = new Counter({
    name: 'vachan_deliveries_total',
    help: 'Deliveries that ended, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'vachan_record_failures_total',
    help: 'Deliveries that ended as failed_pre_inference, by cause; the names are those in the CSV.',
    labelNames: ['error_type'],
    registers,
  });
  const returns = new Counter({
    name: 'vachan_returns_total',
    help: 'Deliveries that went back to SQS without an outcome, by reason; other_source: the worker serves another source.',
    labelNames: ['reason'],
    registers,
  });
  const retries = new Counter({
    name: 'vachan_retries_total',
    help: 'Second and later attempts: at activities, at downloads, and deliveries that SQS repeated.',
    labelNames: ['operation'],
    registers,
  });
  new Gauge({
    name: 'vachan_open_batches',
    help: 'Batches that this process holds.',
    registers,
    collect() {
      this.set(openBatches());
    },
  });
  new Gauge({
    name: 'vachan_model_info',
    help: 'Which model scores, by role; always 1.',
    labelNames: ['role', 'name', 'version'],
    registers: [registry],
    collect() {
      // A version that was replaced is no longer there.
      this.reset();
      for (const [role, model] of Object.entries(models())) {
        if (model) this.set({ role, name: model.name, version: model.version }, 1);
      }
    },
  });
  // A series that appears with its first event has no increase to alert on.
  for (const operation of RETRIED) retries.inc({ operation }, 0);
  for (const outcome of OUTCOMES) deliveries.inc({ outcome }, 0);
  for (const reason of RETURN_REASONS) returns.inc({ reason }, 0);

  let total = noOutcomes();
  return {
    ...createQueueMetrics(registry),
    ...createStageMetrics(registry),
    ...createPoolMetrics(registry, poolUse),
    ...createBacklogMetrics(registry),
    registry,
    addOutcomes(counts) {
      total = addCounts(total, counts);
      for (const outcome of OUTCOMES) deliveries.inc({ outcome }, counts[outcome]);
    },
    addFailure: (errorType) => failures.inc({ error_type: errorType }),
    addReturns(counts) {
      for (const [reason, count] of Object.entries(counts)) returns.inc({ reason }, count);
    },
    addRetries: (what, times = 1) => retries.inc({ operation: what }, times),
    outcomes: () => ({ ...total }),
    acknowledged: () => total.completed + total.skipped_existing + total.skipped_ineligible + total.malformed,
  };
}
