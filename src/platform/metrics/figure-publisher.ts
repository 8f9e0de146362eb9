import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Logger } from '../logging/logger.js';

/** All of the client that publishing uses. */
export type MetricSender = Pick<CloudWatchClient, 'send'>;

export interface FigureOptions {
  /** CloudWatch namespace, e.g. `Vachan`. */
  namespace: string;
  /** Dimension by which one installation's figures are told from another's. */
  taskQueue: string;
  /** What scaling follows; infra/stack names it too. */
  metric: string;
  /** As it is now; undefined where there is none worth publishing. */
  figure: () => number | undefined;
  log: Logger;
}

/** CloudWatch's own resolution, and the period that scaling looks at. */
const PUBLISH_EVERY_MS = 60_000;
/** A call that takes longer is given up: the next figure comes in a minute. */
const CALL_TIMEOUT_MS = 10_000;

/**
 * Publishes a figure each minute until stopped. One that does not get through is logged and forgotten; where there is none,
 * none is sent, since scaling must not take silence for an empty queue.
 */
export function startFigurePublisher(client: MetricSender, options: FigureOptions): { stop(): void } {
  const { namespace, taskQueue, metric, figure, log } = options;
  const publish = async (): Promise<void> => {
    const value = figure();
    if (value === undefined) return;
    try {
      await client.send(
        new PutMetricDataCommand({
          Namespace: namespace,
          MetricData: [
            {
              MetricName: metric,
              Dimensions: [{ Name: 'TaskQueue', Value: taskQueue }],
              Value: value,
              Unit: 'Count',
              Timestamp: new Date(),
            },
          ],
        }),
        { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) },
      );
    } catch (error) {
      log.warn('backlog_publish_failed', { error });
    }
  };
  const timer = setInterval(() => void publish(), PUBLISH_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** The same as a part of a process, with a client of its own where the SDK's own variables say. */
export function createFigureService(
  region: string,
  options: FigureOptions,
): { start(): void; close(): void } {
  let stop: () => void = () => undefined;
  return {
    start() {
      const client = new CloudWatchClient({ region, maxAttempts: 2 });
      const publisher = startFigurePublisher(client, options);
      stop = () => {
        publisher.stop();
        client.destroy();
      };
    },
    close: () => stop(),
  };
}
