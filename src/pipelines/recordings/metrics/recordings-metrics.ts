import { Counter, Gauge } from 'prom-client';
import type { Metrics, PipelineMetrics } from '../../../platform/metrics/metrics.js';
import { OUTCOMES, OUTCOME_RULES, RETURN_REASONS, type Outcome } from '../contract/outcome.js';
import { createAudioMetrics, type AudioMetrics } from './audio-metrics.js';
import { createPoolMetrics, type PoolMetrics, type PoolUse } from './pool-metrics.js';

/** What a process counts for recordings. */
export interface RecordingsMetrics extends PipelineMetrics<Outcome>, AudioMetrics, PoolMetrics {
  /** Candidate rows that discovery read. */
  discovered(rows: { enqueued: number; existing: number; late?: number }): void;
}

/** What is read whenever the metrics are collected. */
export interface RecordingsMetricSources {
  openBatches: () => number;
  /** Which models score, by role. */
  models?: () => Partial<Record<string, { name: string; version: string } | undefined>>;
  /** Missing, or undefined for now, where there is no pool. */
  poolUse?: () => PoolUse | undefined;
}

export function createRecordingsMetrics(
  metrics: Metrics,
  { openBatches, models = () => ({}), poolUse = () => undefined }: RecordingsMetricSources,
): RecordingsMetrics {
  const { registry } = metrics;
  const shared = metrics.of({
    pipeline: 'recordings',
    outcomes: OUTCOMES,
    acknowledged: OUTCOMES.filter((outcome) => OUTCOME_RULES[outcome].message === 'delete'),
    returnReasons: RETURN_REASONS,
    openBatches,
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
  const rows = new Counter({
    name: 'vachan_discovery_rows_total',
    help: 'Candidate rows that discovery read: sent, left out as they have a result, or found late and sent.',
    labelNames: ['result'],
    registers: [registry],
  });
  return {
    ...shared,
    ...createAudioMetrics(registry),
    ...createPoolMetrics(registry, poolUse),
    discovered({ enqueued, existing, late = 0 }) {
      rows.inc({ result: 'enqueued' }, enqueued);
      rows.inc({ result: 'existing' }, existing);
      rows.inc({ result: 'late' }, late);
    },
  };
}
