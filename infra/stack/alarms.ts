import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.js';
import type { WorkQueue } from './queues.js';

const QUIET = cloudwatch.TreatMissingData.NOT_BREACHING;
const AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;

/** Tells people, by one topic, of what no worker can fix by itself. */
export function createAlarms(
  scope: Construct,
  deployment: Deployment,
  watched: {
    queues: readonly WorkQueue[];
    taskFailures: events.IRule;
    orchestrator: ecs.FargateService;
    key: kms.IKey;
  },
): sns.Topic {
  const { environment, alarms } = deployment;
  const topic = new sns.Topic(scope, 'Alarms', {
    displayName: `Vachan ${environment}`,
    masterKey: watched.key,
    enforceSSL: true,
  });
  // A topic with a policy of its own has lost the one that lets its account's alarms in.
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': deployment.account } },
    }),
  );
  for (const email of alarms.emails) topic.addSubscription(new subscriptions.EmailSubscription(email));
  const notify = new actions.SnsAction(topic);

  const alarm = (id: string, props: cloudwatch.AlarmProps): void => {
    const created = new cloudwatch.Alarm(scope, `Alarm-${id}`, {
      comparisonOperator: AT_LEAST,
      treatMissingData: QUIET,
      ...props,
    });
    created.addAlarmAction(notify);
    created.addOkAction(notify);
  };

  for (const { label, queue, deadLetters } of watched.queues) {
    alarm(`BacklogAge-${label}`, {
      alarmDescription: `The oldest message of ${label} waits for ${alarms.backlog_age_seconds} s: more tasks, or a look at what holds them up (docs/operations.md)`,
      metric: queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: alarms.backlog_age_seconds,
      evaluationPeriods: 1,
    });
    alarm(`DeadLetters-${label}`, {
      alarmDescription: `Recordings of ${label} failed again and again: look at the CSV's error, fix the cause, redrive (docs/operations.md)`,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    alarm(`NoProgress-${label}`, {
      alarmDescription: `Messages of ${label} wait and none was settled for ${alarms.no_progress_minutes} minutes: is a run under way, do workers answer (docs/operations.md)`,
      metric: noProgress(queue),
      threshold: 1,
      evaluationPeriods: Math.ceil(alarms.no_progress_minutes / 5),
    });
  }

  alarm('TaskFailures', {
    alarmDescription: `Tasks end by themselves or cannot start; the log group of task failures says why`,
    metric: new cloudwatch.Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap: { RuleName: watched.taskFailures.ruleName },
      statistic: 'Sum',
      period: Duration.minutes(15),
    }),
    threshold: alarms.task_failures,
    evaluationPeriods: 1,
  });
  alarm('NoOrchestrator', {
    alarmDescription: 'No orchestrator runs: workflows stall, and nothing is discovered or dispatched',
    metric: new cloudwatch.Metric({
      namespace: 'ECS/ContainerInsights',
      metricName: 'RunningTaskCount',
      dimensionsMap: {
        ClusterName: watched.orchestrator.cluster.clusterName,
        ServiceName: watched.orchestrator.serviceName,
      },
      statistic: 'Maximum',
      period: Duration.minutes(1),
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 5,
    // With no task at all there may be no figure either.
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
  return topic;
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
