import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ExportsDeployment } from '../../deployment/exports.js';
import {
  publishedMetric,
  SCALE_IN_COOLDOWN,
  SCALE_OUT_COOLDOWN,
  trackWaitingWork,
  type TrackedMetric,
} from '../scaling.js';
import type { ExportsQueues } from './queues.js';

/** What each orchestrator publishes every minute: files that its jobs have listed and hold back. */
export const UNDISPATCHED_METRIC = 'UndispatchedTasks';

/**
 * As many workers as the work wants: target tracking on the tasks that wait for each one, those that jobs still hold back
 * counted in, and on CPU, since a task may be a file of 20 GB. The larger number of the two counts; tasks go when neither
 * wants them.
 */
export function scaleOnTasks(
  service: ecs.FargateService,
  { worker }: ExportsDeployment,
  queues: ExportsQueues,
  taskQueue: string,
): void {
  const target = service.autoScaleTaskCount({ minCapacity: worker.min_tasks, maxCapacity: worker.max_tasks });
  target.scaleOnCpuUtilization('Cpu', {
    targetUtilizationPercent: worker.cpu_percent,
    scaleOutCooldown: SCALE_OUT_COOLDOWN,
    scaleInCooldown: SCALE_IN_COOLDOWN,
  });

  const waiting = Object.values(queues.tasks).map(({ queue }, index): TrackedMetric => ({
    id: `waiting${index}`,
    namespace: 'AWS/SQS',
    name: 'ApproximateNumberOfMessagesVisible',
    statistic: 'Maximum',
    dimensions: { QueueName: queue.queueName },
  }));
  const sum = [...waiting.map(({ id }) => id), 'undispatched'].map((id) => `FILL(${id}, 0)`).join(' + ');
  trackWaitingWork(service, target, {
    name: 'Waiting',
    label: 'Download tasks that wait for each worker',
    perTask: worker.waiting_per_task,
    metrics: [...waiting, publishedMetric('undispatched', UNDISPATCHED_METRIC, 'Sum', taskQueue)],
    expression: `(${sum})`,
  });
}
