import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.js';
import { noTaskRuns, type CreateAlarm } from './alarm-topic.js';
import { holdsMessages, olderThan } from './queue-alarms.js';
import type { WorkQueue } from './queue-pair.js';

/** Tells people of what no worker of recordings can fix by itself. */
export function createAlarms(
  scope: Construct,
  { alarms }: Deployment,
  createAlarm: CreateAlarm,
  watched: { queues: readonly WorkQueue[]; orchestrator: ecs.FargateService },
): void {
  const alarm = (id: string, props: cloudwatch.AlarmProps): void => createAlarm(scope, id, props);
  for (const { label, queue, deadLetters } of watched.queues) {
    alarm(`BacklogAge-${label}`, {
      alarmDescription: `The oldest message of ${label} waits for ${alarms.backlog_age_seconds} s: more tasks, or a look at what holds them up (docs/operations.md)`,
      ...olderThan(queue, Duration.seconds(alarms.backlog_age_seconds)),
    });
    alarm(`DeadLetters-${label}`, {
      alarmDescription: `Recordings of ${label} failed again and again: look at the CSV's error, fix the cause, redrive (docs/operations.md)`,
      ...holdsMessages(deadLetters),
    });
    alarm(`NoProgress-${label}`, {
      alarmDescription: `Messages of ${label} wait and none was settled for ${alarms.no_progress_minutes} minutes: is a run under way, do workers answer (docs/operations.md)`,
      metric: noProgress(queue),
      threshold: 1,
      evaluationPeriods: Math.ceil(alarms.no_progress_minutes / 5),
    });
  }

  alarm('NoOrchestrator', {
    alarmDescription: 'No orchestrator runs: workflows stall, and nothing is discovered or dispatched',
    ...noTaskRuns(watched.orchestrator),
  });
}

/** Tells people of tasks, whatever pipeline they are of. */
export function createTaskAlarm(
  scope: Construct,
  { alarms }: Deployment,
  createAlarm: CreateAlarm,
  taskFailures: events.IRule,
): void {
  createAlarm(scope, 'TaskFailures', {
    alarmDescription: `Tasks end by themselves or cannot start; the log group of task failures says why`,
    metric: new cloudwatch.Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap: { RuleName: taskFailures.ruleName },
      statistic: 'Sum',
      period: Duration.minutes(15),
    }),
    threshold: alarms.task_failures,
    evaluationPeriods: 1,
  });
}

/** 1 where messages wait and none was deleted in five minutes, else 0. */
function noProgress(queue: WorkQueue['queue']): cloudwatch.MathExpression {
  const period = Duration.minutes(5);
  return new cloudwatch.MathExpression({
    label: 'Messages wait and none is settled',
    expression: 'IF(waiting > 0 AND FILL(deleted, 0) < 1, 1, 0)',
    usingMetrics: {
      waiting: queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Minimum' }),
      deleted: queue.metricNumberOfMessagesDeleted({ period, statistic: 'Sum' }),
    },
    period,
  });
}
