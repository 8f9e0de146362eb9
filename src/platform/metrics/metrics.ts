import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { createBacklogMetrics, type BacklogMetrics } from './backlog-metrics.js';
import { createQueueMetrics, type QueueMetrics } from './queue-metrics.js';
import { createStageMetrics, type StageMetrics } from './stage-metrics.js';
import { createWebhookMetrics, type WebhookMetrics } from './webhook-metrics.js';

/** What can be tried again, and is counted when it is. */
export const RETRIED = ['activity', 'download', 'delivery'] as const;
export type Retried = (typeof RETRIED)[number];

/**
 * A timer that measures the event loop's lag wakes an idle process: ten milliseconds, the library's own choice, take 4.3 ms of each second of
 * a core, this 0.9. The least lag that is shown is as long.
 */
const EVENT_LOOP_LOOK_EVERY_MS = 50;

/** What a pipeline hands in: its words in labels, and what is read whenever the metrics are collected. */
export interface PipelineMetricOptions<Outcome extends string> {
  /** Its name, in the label `pipeline`. */
  pipeline: string;
  /** Where a delivery can end. */
  outcomes: readonly Outcome[];
  /** Of these, the ones whose message is deleted. */
  acknowledged: readonly Outcome[];
  /** Why a delivery can go back to the queue without an outcome. */
  returnReasons: readonly string[];
  /** Batches that this process holds. */
  openBatches: () => number;
}

/**
 * What this process counts for one pipeline. Labels are names from short lists (outcomes, stages, queues that settings
 * name), never an id or anything else that grows with the records.
 */
export interface PipelineMetrics<Outcome extends string = string>
  extends QueueMetrics, StageMetrics, BacklogMetrics, WebhookMetrics {
  /** Counts a batch's deliveries by outcome. */
  addOutcomes(counts: Readonly<Record<Outcome, number>>): void;
  /** Counts a delivery that failed, by the name of its error. */
  addFailure(errorType: string): void;
  /** Counts deliveries that went back without an outcome, by reason. */
  addReturns(counts: Readonly<Record<string, number>>): void;
  addRetries(what: Retried, times?: number): void;
  /** Deliveries by outcome since the process started. */
  outcomes(): Record<Outcome, number>;
  /** Deliveries that were deleted from the queue since the process started. */
  acknowledged(): number;
  /** Where a delivery only begins the work: what has ended since the process started, by how. */
  ended?(): Record<string, number>;
}

/** The metrics of a process. */
export interface Metrics {
  readonly registry: Registry;
  /** Begins to count for a pipeline; once for each. */
  of<Outcome extends string>(options: PipelineMetricOptions<Outcome>): PipelineMetrics<Outcome>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_LOOK_EVERY_MS });
  const registers = [registry];
  const openBatches = new Map<string, () => number>();
  const deliveries = new Counter({
    name: 'vachan_deliveries_total',
    help: 'Deliveries that ended, by outcome.',
    labelNames: ['pipeline', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'vachan_record_failures_total',
    help: 'Deliveries that failed, by cause: the name of the error.',
    labelNames: ['pipeline', 'error_type'],
    registers,
  });
  const returns = new Counter({
    name: 'vachan_returns_total',
    help: 'Deliveries that went back to SQS without an outcome, by reason.',
    labelNames: ['pipeline', 'reason'],
    registers,
  });
  const retries = new Counter({
    name: 'vachan_retries_total',
    help: 'Second and later attempts: at activities, at downloads, and deliveries that SQS repeated.',
    labelNames: ['pipeline', 'operation'],
    registers,
  });
  new Gauge({
    name: 'vachan_open_batches',
    help: 'Batches that this process holds.',
    labelNames: ['pipeline'],
    registers,
    collect() {
      for (const [pipeline, read] of openBatches) this.set({ pipeline }, read());
    },
  });
  const queues = createQueueMetrics(registry);
  const stages = createStageMetrics(registry);
  const backlogs = createBacklogMetrics(registry);
  const webhooks = createWebhookMetrics(registry);

  return {
    registry,
    of({ pipeline, outcomes, acknowledged, returnReasons, openBatches: read }) {
      openBatches.set(pipeline, read);
      // A series that appears with its first event has no increase to alert on.
      for (const operation of RETRIED) retries.inc({ pipeline, operation }, 0);
      for (const outcome of outcomes) deliveries.inc({ pipeline, outcome }, 0);
      for (const reason of returnReasons) returns.inc({ pipeline, reason }, 0);
      const total = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<
        (typeof outcomes)[number],
        number
      >;
      return {
        ...queues(pipeline),
        ...stages(pipeline),
        ...backlogs(pipeline),
        ...webhooks(pipeline),
        addOutcomes(counts) {
          for (const outcome of outcomes) {
            total[outcome] += counts[outcome];
            deliveries.inc({ pipeline, outcome }, counts[outcome]);
          }
        },
        addFailure: (errorType) => failures.inc({ pipeline, error_type: errorType }),
        addReturns(counts) {
          for (const [reason, count] of Object.entries(counts)) returns.inc({ pipeline, reason }, count);
        },
        addRetries: (what, times = 1) => retries.inc({ pipeline, operation: what }, times),
        outcomes: () => ({ ...total }),
        acknowledged: () => acknowledged.reduce((sum, outcome) => sum + total[outcome], 0),
      };
    },
  };
}
