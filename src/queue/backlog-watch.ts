import type { Logger } from '../platform/logging/logger.js';
import type { MeasuredBacklog } from '../platform/metrics/backlog-metrics.js';
import type { MessageQueue } from './message-queue.js';

export interface BacklogWatchOptions {
  queueUrls: readonly string[];
  queueFor: (queueUrl: string) => Pick<MessageQueue, 'depth'>;
  findDeadLetters: (queueUrl: string) => Promise<{ queue: Pick<MessageQueue, 'depth'> } | undefined>;
  countWorkers: () => Promise<number>;
  countLanes: () => Promise<number>;
  /** Told of every measurement; of undefined when one failed. */
  onMeasured: (measured: MeasuredBacklog | undefined) => void;
  log: Logger;
}

/** As often as Prometheus usually asks; it costs SQS two requests a queue. */
const MEASURE_EVERY_MS = 15_000;

/** Measures the queues and who works on them, whether a run is under way or not, until stopped. */
export function startBacklogWatch(options: BacklogWatchOptions): { stop(): void } {
  const deadLetterQueues = new Map<string, Pick<MessageQueue, 'depth'> | undefined>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const countDeadLetters = async (queueUrl: string): Promise<number | undefined> => {
    try {
      if (!deadLetterQueues.has(queueUrl)) {
        deadLetterQueues.set(queueUrl, (await options.findDeadLetters(queueUrl))?.queue);
      }
      return (await deadLetterQueues.get(queueUrl)?.depth())?.visible;
    } catch (error) {
      // A role that may not look there still has a backlog to show.
      options.log.debug('dependency_unavailable', { error });
      return undefined;
    }
  };

  const measureQueue = async (queueUrl: string): Promise<MeasuredBacklog['queues'][number]> => {
    const [depth, deadLetters] = await Promise.all([
      options.queueFor(queueUrl).depth(),
      countDeadLetters(queueUrl),
    ]);
    return { queueUrl, depth, deadLetters };
  };

  const measure = async (): Promise<void> => {
    try {
      const [workers, lanes, ...queues] = await Promise.all([
        options.countWorkers(),
        options.countLanes(),
        ...options.queueUrls.map(measureQueue),
      ]);
      if (!stopped) options.onMeasured({ queues, workers, lanes });
    } catch (error) {
      if (stopped) return;
      options.onMeasured(undefined);
      options.log.warn('dependency_unavailable', { error, next_try_ms: MEASURE_EVERY_MS });
    }
    if (stopped) return;
    timer = setTimeout(() => void measure(), MEASURE_EVERY_MS);
    timer.unref();
  };

  void measure();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
