import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { WorkQueue } from './queue-pair.js';

type Watched = Pick<cloudwatch.AlarmProps, 'metric' | 'threshold' | 'evaluationPeriods'>;

const PERIOD = Duration.minutes(5);

/** True while the oldest message of a queue is so old. */
export function olderThan(queue: WorkQueue['queue'], age: Duration): Watched {
  return {
    metric: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' }),
    threshold: age.toSeconds(),
    evaluationPeriods: 1,
  };
}

/** True while a queue holds a message. */
export function holdsMessages(queue: WorkQueue['queue']): Watched {
  return {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
    threshold: 1,
    evaluationPeriods: 1,
  };
}
