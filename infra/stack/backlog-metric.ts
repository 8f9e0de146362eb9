import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** Where orchestrators publish, and where their role lets them. */
export const METRIC_NAMESPACE = 'Vachan';

/** What orchestrators publish every minute, and the name under which they do. */
export function backlogPerTaskMetric(taskQueue: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName: 'BacklogPerTask',
    dimensionsMap: { TaskQueue: taskQueue },
    statistic: 'Average',
    period: Duration.minutes(1),
  });
}
