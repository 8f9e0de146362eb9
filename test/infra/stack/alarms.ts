import { Match } from 'aws-cdk-lib/assertions';
import type { Synthesized } from '../synthesize.js';

/** What people are told of. */
export function checksOfAlarms({ template }: Synthesized): void {
  const alarm = (properties: object): void =>
    template.hasResourceProperties('AWS::CloudWatch::Alarm', properties);
  const queueNamed = (pattern: string): object[] => [
    { Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp(pattern), 'QueueName'] } },
  ];

  it('tell of a message that waits longer than a run lasts', () => {
    alarm({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: queueNamed('^Recordings'),
      Statistic: 'Maximum',
      Threshold: 18_000,
    });
  });

  it('tell of the first dead letter', () => {
    alarm({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: queueNamed('^RecordingsDeadLetters'),
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
    });
  });

  it('tell of messages that wait while none is settled, after a quarter of an hour', () => {
    alarm({
      EvaluationPeriods: 3,
      Threshold: 1,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'IF(waiting > 0 AND FILL(deleted, 0) < 1, 1, 0)' }),
        Match.objectLike({ Id: 'deleted', MetricStat: Match.objectLike({ Period: 300, Stat: 'Sum' }) }),
      ]),
    });
  });

  it('tell of tasks that fail, which Spot’s interruptions and deployments are not', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ecs'],
        'detail-type': ['ECS Task State Change'],
        detail: { lastStatus: ['STOPPED'], stopCode: ['EssentialContainerExited', 'TaskFailedToStart'] },
      },
      Targets: [
        Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TaskFailureLog'), 'Arn'] } }),
      ],
    });
    alarm({
      Namespace: 'AWS/Events',
      MetricName: 'TriggeredRules',
      Statistic: 'Sum',
      Period: 900,
      Threshold: 3,
    });
  });

  it('tell when no orchestrator runs, and when there is no figure either', () => {
    alarm({
      MetricName: 'RunningTaskCount',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    template.hasResourceProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
    });
  });

  it('all reach the topic, which lets them in, and its subscribers', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
      OKActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
    });
    const cloudwatch = { Service: 'cloudwatch.amazonaws.com' };
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Allow', Action: 'sns:Publish', Principal: cloudwatch }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: cloudwatch })]) },
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.org',
    });
  });
}
