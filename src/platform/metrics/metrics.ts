import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { OUTCOMES, addOutcomes, noOutcomes, type OutcomeCounts } from '../../contract/outcome.js';

/** What this process counts. Labels are outcomes and names of parts, never anything that names a child. */
export interface Metrics {
  readonly registry: Registry;
  /** Counts a batch's deliveries by outcome. */
  addOutcomes(counts: OutcomeCounts): void;
  /** Deliveries by outcome since the process started. */
  outcomes(): OutcomeCounts;
  /** Deliveries that were deleted from SQS since the process started. */
  acknowledged(): number;
}

/** Read whenever the metrics are collected. */
export interface MetricSources {
  openBatches: () => number;
  /** Which models score, by role. */
  models: () => Partial<Record<string, { name: string; version: string } | undefined>>;
}

export function createMetrics({ openBatches, models }: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const deliveries = new Counter({
    name: 'vachan_deliveries_total',
    help: 'Deliveries that ended, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  new Gauge({
    name: 'vachan_open_batches',
    help: 'Batches that this process holds.',
    registers: [registry],
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

  let total = noOutcomes();
  return {
    registry,
    addOutcomes(counts) {
      total = addOutcomes(total, counts);
      for (const outcome of OUTCOMES) deliveries.inc({ outcome }, counts[outcome]);
    },
    outcomes: () => ({ ...total }),
    acknowledged: () => total.completed + total.skipped_existing + total.skipped_ineligible + total.malformed,
  };
}
