import { Duration, TimeZone } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { RecordingsDeployment } from '../deployment/deployment.js';
import { METRIC_NAMESPACE } from './backlog-metric.js';

/** A task is of use a minute after it was asked for; asking again sooner asks too much. */
export const SCALE_OUT_COOLDOWN = Duration.minutes(1);

/** Each task that goes drains its batches first; a short dip is no reason. */
export const SCALE_IN_COOLDOWN = Duration.minutes(5);

/**
 * As many inference tasks as the backlog wants: target tracking on messages per task, and a floor that is raised
 * before the run's first message, so that the first hour is not spent starting tasks one alarm at a time.
 */
export function scaleOnBacklog(
  service: ecs.FargateService,
  { inference, prescale }: RecordingsDeployment,
  backlogPerTask: cloudwatch.IMetric,
): void {
  const { min_tasks: min, max_tasks: max, backlog_per_task: target } = inference;
  const tasks = service.autoScaleTaskCount({ minCapacity: min, maxCapacity: max });
  tasks.scaleToTrackCustomMetric('Backlog', {
    metric: backlogPerTask,
    targetValue: target,
    scaleOutCooldown: SCALE_OUT_COOLDOWN,
    scaleInCooldown: SCALE_IN_COOLDOWN,
  });

  const timeZone = TimeZone.of(prescale.time_zone);
  tasks.scaleOnSchedule('BeforeTheNight', {
    schedule: daily(prescale.at),
    timeZone,
    minCapacity: prescale.tasks,
    maxCapacity: max,
  });
  tasks.scaleOnSchedule('NightIsUnderWay', {
    schedule: daily(prescale.release_at),
    timeZone,
    minCapacity: min,
    maxCapacity: max,
  });
}

/** A metric, and by what name an expression calls it. */
export interface TrackedMetric {
  id: string;
  namespace: string;
  name: string;
  statistic: 'Average' | 'Maximum' | 'Sum';
  dimensions: Record<string, string>;
}

/** What waits, as a term over its metrics, and how much of it a task may have. */
export interface WaitingWork {
  /** Names the policy, and the construct. */
  name: string;
  /** For people who look at the policy. */
  label: string;
  perTask: number;
  metrics: readonly TrackedMetric[];
  expression: string;
}

/** What orchestrators publish every minute. */
export const publishedMetric = (
  id: string,
  name: string,
  statistic: TrackedMetric['statistic'],
  taskQueue: string,
): TrackedMetric => ({
  id,
  namespace: METRIC_NAMESPACE,
  name,
  statistic,
  dimensions: { TaskQueue: taskQueue },
});

/** As many tasks as keep what waits for each at `perTask`. With none there is nobody to wait for: all of it is one task's. */
export function trackWaitingWork(
  service: ecs.FargateService,
  target: ecs.ScalableTaskCount,
  { name, label, perTask, metrics, expression }: WaitingWork,
): void {
  const running: TrackedMetric = {
    id: 'running',
    namespace: 'ECS/ContainerInsights',
    name: 'RunningTaskCount',
    statistic: 'Average',
    dimensions: { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName },
  };
  // The library's own target tracking takes no expression.
  new scaling.CfnScalingPolicy(service, name, {
    policyName: `${service.node.path.replaceAll('/', '-')}-${name.toLowerCase()}`,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: (target as unknown as { target: { scalableTargetId: string } }).target.scalableTargetId,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: perTask,
      scaleOutCooldown: SCALE_OUT_COOLDOWN.toSeconds(),
      scaleInCooldown: SCALE_IN_COOLDOWN.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          ...[...metrics, running].map(metricQuery),
          {
            id: 'each',
            label,
            expression: `${expression} / MAX([FILL(running, 0), 1])`,
            returnData: true,
          },
        ],
      },
    },
  });
}

function metricQuery({
  id,
  namespace,
  name,
  statistic,
  dimensions,
}: TrackedMetric): scaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty {
  return {
    id,
    metricStat: {
      metric: {
        namespace,
        metricName: name,
        dimensions: Object.entries(dimensions).map(([dimension, value]) => ({ name: dimension, value })),
      },
      stat: statistic,
    },
    returnData: false,
  };
}

function daily(clockTime: string): scaling.Schedule {
  const [hour = '', minute = ''] = clockTime.split(':').map((part) => String(Number(part)));
  return scaling.Schedule.cron({ hour, minute });
}
