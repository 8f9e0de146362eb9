import type { Places } from '../../../contract/backlog.js';
import type { BaseSettings } from '../../../platform/config/base-settings.js';
import type { Logger } from '../../../platform/logging/logger.js';
import { backlogPerTask, type MeasuredBacklog } from '../../../platform/metrics/backlog-metrics.js';
import { createFigureService } from '../../../platform/metrics/figure-publisher.js';
import { startBacklogWatch } from '../../../queue/backlog-watch.js';
import { countRunningWorkflows } from '../../../temporal/running-workflows.js';
import type { BackgroundService, TemporalAccess } from '../../pipeline.js';
import { WORKFLOW_TYPES } from '../contract/names.js';
import type { RecordingsMetrics } from '../metrics/recordings-metrics.js';
import type { RecordingsSettings } from '../settings/index.js';
import type { Dependencies } from './dependencies.js';

type BacklogSettings = Pick<RecordingsSettings, 'SQS_QUEUE_URL' | 'SQS_ALLOWED_QUEUE_URLS'> &
  Pick<BaseSettings, 'CLOUDWATCH_NAMESPACE' | 'AWS_REGION'>;

/** The metric that scaling follows; infra/stack names it too. */
export const BACKLOG_METRIC = 'BacklogPerTask';

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
  let watching: { stop(): void } | undefined;
  const start = (): void => {
    watching = startBacklogWatch({
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
    });
  };
  const watch: BackgroundService = { start, close: () => watching?.stop() };
  const { CLOUDWATCH_NAMESPACE: namespace, AWS_REGION: region } = config;
  if (namespace === undefined) return [watch];
  const publisher = createFigureService(region, {
    ...{ namespace, taskQueue, metric: BACKLOG_METRIC, log },
    figure: () => (backlog === undefined ? undefined : backlogPerTask(backlog)),
  });
  return [watch, publisher];
}
