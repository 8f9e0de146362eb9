import type { Places } from '../../../contract/backlog.js';
import type { BaseSettings } from '../../../platform/config/base-settings.js';
import type { Logger } from '../../../platform/logging/logger.js';
import type { MeasuredBacklog } from '../../../platform/metrics/backlog-metrics.js';
import { createMetricSender, startBacklogPublisher } from '../../../platform/metrics/backlog-publisher.js';
import { startBacklogWatch } from '../../../queue/backlog-watch.js';
import { countRunningWorkflows } from '../../../temporal/running-workflows.js';
import type { BackgroundService, TemporalAccess } from '../../pipeline.js';
import { WORKFLOW_TYPES } from '../contract/names.js';
import type { RecordingsMetrics } from '../metrics/recordings-metrics.js';
import type { RecordingsSettings } from '../settings/index.js';
import type { Dependencies } from './dependencies.js';

type BacklogSettings = Pick<RecordingsSettings, 'SQS_QUEUE_URL' | 'SQS_ALLOWED_QUEUE_URLS'> &
  Pick<BaseSettings, 'CLOUDWATCH_NAMESPACE' | 'AWS_REGION'>;

/** What an orchestrator measures all the time, for dashboards and, where a namespace is set, for autoscaling. */
export function createBacklogServices(
  config: BacklogSettings,
  { queueFor, findDeadLetters }: Pick<Dependencies, 'queueFor' | 'findDeadLetters'>,
  metrics: RecordingsMetrics,
  { client, taskQueue }: TemporalAccess,
  workerPlaces: () => Promise<Places>,
  log: Logger,
): BackgroundService[] {
  let backlog: MeasuredBacklog | undefined;
  const watch = startable(() =>
    startBacklogWatch({
      queueUrls: [config.SQS_QUEUE_URL, ...config.SQS_ALLOWED_QUEUE_URLS],
      queueFor,
      findDeadLetters,
      countWorkers: async () => (await workerPlaces()).length,
      countLanes: () => countRunningWorkflows(client, WORKFLOW_TYPES.inference, taskQueue),
      onMeasured: (measured) => {
        backlog = measured;
        metrics.showBacklog(measured);
      },
      log,
    }),
  );
  const { CLOUDWATCH_NAMESPACE: namespace, AWS_REGION: region } = config;
  if (namespace === undefined) return [watch];
  const publisher = startable(() => {
    const sender = createMetricSender(region);
    const publishing = startBacklogPublisher({
      client: sender,
      namespace,
      taskQueue,
      measured: () => backlog,
      log,
    });
    return {
      stop() {
        publishing.stop();
        sender.destroy();
      },
    };
  });
  return [watch, publisher];
}

/** A service of what begins at once and can be stopped. */
function startable(begin: () => { stop(): void }): BackgroundService {
  let begun: { stop(): void } | undefined;
  return {
    start: () => {
      begun = begin();
    },
    close: () => begun?.stop(),
  };
}
