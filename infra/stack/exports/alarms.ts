import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ExportsDeployment } from '../../deployment/exports.js';
import { noTaskRuns, type CreateAlarm } from '../alarm-topic.js';
import { holdsMessages, olderThan } from '../queue-alarms.js';
import type { ExportsQueues } from './queues.js';

/** Tells people of what no process of exports can fix by itself; SQS drops a message after 14 days. */
export function createExportsAlarms(
  scope: Construct,
  { alarms }: ExportsDeployment,
  createAlarm: CreateAlarm,
  { queues, orchestrator }: { queues: ExportsQueues; orchestrator: ecs.FargateService },
): void {
  const alarm = (id: string, props: cloudwatch.AlarmProps): void => createAlarm(scope, id, props);
  for (const { label, queue, deadLetters } of [queues.jobs, ...Object.values(queues.tasks)]) {
    alarm(`Age-${label}`, {
      alarmDescription: `The oldest message of ${label} is ${alarms.queue_age_days} days old and is dropped at 14: look at what holds it up (docs/exports-operations.md)`,
      ...olderThan(queue, Duration.days(alarms.queue_age_days)),
    });
    alarm(`DeadLetterAge-${label}`, {
      alarmDescription: `A dead-letter message of ${label} was first sent ${alarms.dead_letter_age_days} days ago and is dropped at 14: redrive or purge it (docs/exports-operations.md)`,
      ...olderThan(deadLetters, Duration.days(alarms.dead_letter_age_days)),
    });
    alarm(`DeadLetters-${label}`, {
      alarmDescription: `Messages of ${label} were malformed or failed again and again: vachan dlq list says why (docs/exports-operations.md)`,
      ...holdsMessages(deadLetters),
    });
  }
  alarm('NoOrchestrator', {
    alarmDescription: 'No orchestrator of exports runs: jobs neither start nor end',
    ...noTaskRuns(orchestrator),
  });
}
