import type { Registry } from 'prom-client';
import type { Logger } from '../platform/logging/logger.js';
import { mergeMetrics } from '../platform/metrics/merge-metrics.js';

export interface MetricsPageOptions {
  registry: Registry;
  /** Where Temporal's SDK shows its own. */
  temporalMetricsUrl: string;
  /** This process's own task queues, whose names are new at every start. */
  ownTaskQueues: () => readonly string[];
  log: Logger;
}

/** The SDK answers from memory; scrapers wait 10 s as a rule. */
const TEMPORAL_METRICS_TIMEOUT_MS = 2_000;
/** What a process's own task queue is called in labels, so that restarts do not add series. */
const HOST_TASK_QUEUE_LABEL = 'host';

/** All metrics of the process as one page: ours, Node's, and those of Temporal's SDK, or without these if it is silent. */
export function createMetricsPage(options: MetricsPageOptions): () => Promise<string> {
  const { registry, temporalMetricsUrl, ownTaskQueues, log } = options;
  return async () => {
    const [own, temporal] = await Promise.all([
      registry.metrics(),
      readTemporalMetrics(temporalMetricsUrl).catch((error: unknown) => {
        log.warn('temporal_sdk', { message: 'The SDK’s metrics cannot be read.', error });
        return '';
      }),
    ]);
    const bounded = ownTaskQueues().reduce(
      (page, queue) => page.replaceAll(`task_queue="${queue}"`, `task_queue="${HOST_TASK_QUEUE_LABEL}"`),
      temporal,
    );
    return mergeMetrics(own, bounded);
  };
}

async function readTemporalMetrics(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TEMPORAL_METRICS_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`It answered ${answer.status}.`);
  return answer.text();
}
