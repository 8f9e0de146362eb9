import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { backlogPerTask, type MeasuredBacklog } from './backlog-metrics.js';
import type { Logger } from '../logging/logger.js';

/** All of the client that publishing uses. */
export type MetricSender = Pick<CloudWatchClient, 'send'>;

export interface BacklogPublisherOptions {
  client: MetricSender;
  /** CloudWatch namespace, e.g. `Vachan`. */
  namespace: string;
  /** Dimension by which one installation's figures are told from another's. */
  taskQueue: string;
  /** The last measurement; undefined where there is none worth publishing. */
  measured: () => MeasuredBacklog | undefined;
  log: Logger;
}

/** The metric that scaling follows; infra/stack names it too. */
export const BACKLOG_METRIC = 'BacklogPerTask';

/** CloudWatch's own resolution, and the period that scaling looks at. */
const PUBLISH_EVERY_MS = 60_000;
/** A call that takes longer is given up: the next figure comes in a minute. */
const CALL_TIMEOUT_MS = 10_000;

/** CloudWatch where the SDK's own variables say; it connects with the first figure. */
export function createMetricSender(region: string): MetricSender & { destroy(): void } {
  return new CloudWatchClient({ region, maxAttempts: 2 });
}

/**
 * Publishes `BacklogPerTask` each minute until stopped. A figure that does not get through is logged and forgotten;
 * without a measurement none is sent, since scaling must not take silence for an empty queue.
 */
export function startBacklogPublisher(options: BacklogPublisherOptions): { stop(): void } {
  const { client, namespace, taskQueue, measured, log } = options;
  const publish = async (): Promise<void> => {
    const backlog = measured();
    if (backlog === undefined) return;
    try {
      await client.send(
        new PutMetricDataCommand({
          Namespace: namespace,
          MetricData: [
            {
              MetricName: BACKLOG_METRIC,
              Dimensions: [{ Name: 'TaskQueue', Value: taskQueue }],
              Value: backlogPerTask(backlog),
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
