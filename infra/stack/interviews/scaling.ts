import { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { InterviewsDeployment } from '../../deployment/interviews.js';
import { METRIC_NAMESPACE } from '../backlog-metric.js';
import { SCALE_IN_COOLDOWN, SCALE_OUT_COOLDOWN } from '../scaling.js';

/** What each orchestrator publishes every minute: jobs whose recording is there, and that nobody works on yet. */
export const READY_METRIC = 'ReadyInterviewJobs';

/** As many workers as there is work ready for them. Orchestrators say the same figure, so that its average counts. */
export function scaleOnReadyJobs(
  service: ecs.FargateService,
  { worker }: InterviewsDeployment,
  taskQueue: string,
): void {
  const target = service.autoScaleTaskCount({ minCapacity: worker.min_tasks, maxCapacity: worker.max_tasks });
  const metric = (
    id: string,
    namespace: string,
    metricName: string,
    dimensions: Record<string, string>,
  ): CfnScalingPolicy.TargetTrackingMetricDataQueryProperty => ({
    id,
    metricStat: {
      metric: {
        ...{ namespace, metricName },
        dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
      },
      stat: 'Average',
    },
    returnData: false,
  });
  // The library's own target tracking takes no expression.
  new CfnScalingPolicy(service, 'Ready', {
    policyName: `${service.node.path.replaceAll('/', '-')}-ready`,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: (target as unknown as { target: { scalableTargetId: string } }).target.scalableTargetId,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: worker.ready_per_task,
      scaleOutCooldown: SCALE_OUT_COOLDOWN.toSeconds(),
      scaleInCooldown: SCALE_IN_COOLDOWN.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          metric('ready', METRIC_NAMESPACE, READY_METRIC, { TaskQueue: taskQueue }),
          metric('running', 'ECS/ContainerInsights', 'RunningTaskCount', {
            ClusterName: service.cluster.clusterName,
            ServiceName: service.serviceName,
          }),
          {
            id: 'each',
            label: 'Jobs of interviews that are ready for each worker',
            // With no worker there is nobody to wait for: all of it is one worker's.
            expression: 'ready / MAX([FILL(running, 0), 1])',
            returnData: true,
          },
        ],
      },
    },
  });
}
