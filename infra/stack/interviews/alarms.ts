import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { InterviewsDeployment } from '../../deployment/interviews.js';
import { noTaskRuns, type CreateAlarm } from '../alarm-topic.js';
import { holdsMessages, olderThan } from '../queue-alarms.js';
import type { WorkQueue } from '../queue-pair.js';

/** Tells people of what no process of interviews can fix by itself. */
export function createInterviewsAlarms(
  scope: Construct,
  { alarms }: InterviewsDeployment,
  createAlarm: CreateAlarm,
  { jobs, orchestrator }: { jobs: WorkQueue; orchestrator: ecs.FargateService },
): void {
  const { label, queue, deadLetters } = jobs;
  const alarm = (id: string, props: cloudwatch.AlarmProps): void => createAlarm(scope, id, props);
  alarm(`Age-${label}`, {
    alarmDescription: `The oldest message of ${label} is ${alarms.queue_age_days} days old: is an orchestrator there? (docs/interviews-operations.md)`,
    ...olderThan(queue, Duration.days(alarms.queue_age_days)),
  });
  alarm(`DeadLetterAge-${label}`, {
    alarmDescription: `A dead-letter message of ${label} was first sent ${alarms.dead_letter_age_days} days ago and is dropped at 14: redrive or purge it (docs/interviews-operations.md)`,
    ...olderThan(deadLetters, Duration.days(alarms.dead_letter_age_days)),
  });
  alarm(`DeadLetters-${label}`, {
    alarmDescription: `Messages of ${label} were not understood or failed again and again: vachan dlq list says why (docs/interviews-operations.md)`,
    ...holdsMessages(deadLetters),
  });
  alarm('NoOrchestrator', {
    alarmDescription: 'No orchestrator of interviews runs: jobs neither start nor end, and nobody is told',
    ...noTaskRuns(orchestrator),
  });
}
