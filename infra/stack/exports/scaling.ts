import { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { ExportsDeployment } from '../../deployment/exports.js';
import { METRIC_NAMESPACE } from '../backlog-metric.js';
import { SCALE_IN_COOLDOWN, SCALE_OUT_COOLDOWN } from '../scaling.js';
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

  const metric = (
    id: string,
    namespace: string,
    metricName: string,
    stat: string,
    dimensions: Record<string, string>,
  ): CfnScalingPolicy.TargetTrackingMetricDataQueryProperty => ({
    id,
    metricStat: {
      metric: {
        ...{ namespace, metricName },
        dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
      },
      stat,
    },
    returnData: false,
  });
  const waiting = Object.values(queues.tasks).map(({ queue }, index) =>
    metric(`waiting${index}`, 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', {
      QueueName: queue.queueName,
    }),
  );
  const sum = waiting.map(({ id }) => `FILL(${id}, 0)`).join(' + ');
  // The library's own target tracking takes no expression.
  new CfnScalingPolicy(service, 'Waiting', {
    policyName: `${service.node.path.replaceAll('/', '-')}-waiting`,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: (target as unknown as { target: { scalableTargetId: string } }).target.scalableTargetId,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: worker.waiting_per_task,
      scaleOutCooldown: SCALE_OUT_COOLDOWN.toSeconds(),
      scaleInCooldown: SCALE_IN_COOLDOWN.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          ...waiting,
          metric('undispatched', METRIC_NAMESPACE, UNDISPATCHED_METRIC, 'Sum', { TaskQueue: taskQueue }),
          metric('running', 'ECS/ContainerInsights', 'RunningTaskCount', 'Average', {
            ClusterName: service.cluster.clusterName,
            ServiceName: service.serviceName,
          }),
          {
            id: 'each',
            label: 'Download tasks that wait for each worker',
            // With no worker there is nobody to wait for: all of it is one worker's.
            expression: `(${sum} + FILL(undispatched, 0)) / MAX([FILL(running, 0), 1])`,
            returnData: true,
          },
        ],
      },
    },
  });
}
