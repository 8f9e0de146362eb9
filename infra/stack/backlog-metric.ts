import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** What orchestrators publish every minute, and the name under which they do. */
export function backlogPerTaskMetric(taskQueue: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'Vachan',
    metricName: 'BacklogPerTask',
    dimensionsMap: { TaskQueue: taskQueue },
    statistic: 'Average',
    period: Duration.minutes(1),
  });
}
