import { Duration, TimeZone } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { RecordingsDeployment } from '../deployment/deployment.js';

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

function daily(clockTime: string): scaling.Schedule {
  const [hour = '', minute = ''] = clockTime.split(':').map((part) => String(Number(part)));
  return scaling.Schedule.cron({ hour, minute });
}
