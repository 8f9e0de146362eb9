import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.js';

/** Makes an alarm that tells the topic's people when it begins and when it is over; by default of a value that is too high. */
export type CreateAlarm = (scope: Construct, id: string, props: cloudwatch.AlarmProps) => void;

/** The one topic by which people are told. */
export function createAlarmTopic(scope: Construct, deployment: Deployment, key: kms.IKey): CreateAlarm {
  const { environment, alarms } = deployment;
  const topic = new sns.Topic(scope, 'Alarms', {
    displayName: `Vachan ${environment}`,
    masterKey: key,
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

  return (where, id, props) => {
    const created = new cloudwatch.Alarm(where, `Alarm-${id}`, {
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...props,
    });
    created.addAlarmAction(notify);
    created.addOkAction(notify);
  };
}

/** True for five minutes in which a service has no task at all. */
export function noTaskRuns(service: ecs.FargateService): Omit<cloudwatch.AlarmProps, 'alarmDescription'> {
  return {
    metric: runningTasks(service, 'Maximum'),
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 5,
    // With no task at all there may be no figure either.
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  };
}

/** Tasks of a service, as Container Insights count them each minute. */
export function runningTasks(
  { cluster, serviceName }: ecs.FargateService,
  statistic: 'Average' | 'Maximum',
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'ECS/ContainerInsights',
    metricName: 'RunningTaskCount',
    dimensionsMap: { ClusterName: cluster.clusterName, ServiceName: serviceName },
    statistic,
    period: Duration.minutes(1),
  });
}
