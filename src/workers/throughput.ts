import type { Logger } from '../platform/logging/logger.js';
import type { PipelineMetrics } from '../platform/metrics/metrics.js';

/** The contract's word for it: each minute. */
const REPORT_EVERY_MS = 60_000;

/**
 * Logs `throughput` each minute: records acknowledged in it, and cumulative counts by outcome. Where a delivery only begins
 * the work, what ended is told as well.
 */
export function startThroughputReports(
  metrics: Pick<PipelineMetrics, 'acknowledged' | 'outcomes' | 'ended'>,
  log: Logger,
): { stop(): void } {
  let before = metrics.acknowledged();
  let endedBefore = sum(metrics.ended?.() ?? {});
  const timer = setInterval(() => {
    const now = metrics.acknowledged();
    const ended = metrics.ended?.();
    log.info('throughput', {
      records_per_minute: now - before,
      cumulative: metrics.outcomes(),
      ...(ended !== undefined && { ended_per_minute: sum(ended) - endedBefore, ended }),
    });
    before = now;
    endedBefore = sum(ended ?? {});
  }, REPORT_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
