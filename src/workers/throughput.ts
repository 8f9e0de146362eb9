import type { Logger } from '../platform/logging/logger.js';
import type { PipelineMetrics } from '../platform/metrics/metrics.js';

/** The contract's word for it: each minute. */
const REPORT_EVERY_MS = 60_000;

/** Logs `throughput` each minute: records acknowledged in it, and cumulative counts by outcome. */
export function startThroughputReports(
  metrics: Pick<PipelineMetrics, 'acknowledged' | 'outcomes'>,
  log: Logger,
): { stop(): void } {
  let before = metrics.acknowledged();
  const timer = setInterval(() => {
    const now = metrics.acknowledged();
    log.info('throughput', { records_per_minute: now - before, cumulative: metrics.outcomes() });
    before = now;
  }, REPORT_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
