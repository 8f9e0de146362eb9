import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { CheckedDeployment } from '../deployment/read-deployment.js';

/** The longest that SQS keeps a message: a long holiday must not cost a night. */
const RETENTION = Duration.days(14);

/** A queue of recordings and where those go that fail again and again. */
export interface WorkQueue {
  /** How alarms and outputs call it. */
  label: string;
  queue: sqs.Queue;
  deadLetters: sqs.Queue;
}

/** The queue between discovery and inference, first, and those that a run may name as its `queue_url`. */
export function createQueues(
  scope: Construct,
  { deployment, configuration }: CheckedDeployment,
  key: kms.IKey,
): [WorkQueue, ...WorkQueue[]] {
  const { environment, queue: options } = deployment;

  const queue = (id: string, name: string, more: sqs.QueueProps): sqs.Queue =>
    new sqs.Queue(scope, id, {
      // FIFO queues carry it in their names; SQS insists.
      queueName: options.fifo ? `${name}.fifo` : name,
      ...(options.fifo && { fifo: true }),
      encryptionMasterKey: key,
      // An hour rather than five minutes: KMS is asked twelve times less often, and is billed by the call.
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      retentionPeriod: RETENTION,
      // A stack that is deleted by mistake must not take a night's recordings with it.
      removalPolicy: RemovalPolicy.RETAIN,
      ...more,
    });

  const pair = (label: string, id: string, name: string): WorkQueue => {
    const deadLetters = queue(`${id}DeadLetters`, `${name}-dead-letters`, {});
    const work = queue(id, name, {
      visibilityTimeout: Duration.seconds(configuration.SQS_VISIBILITY_TIMEOUT_SECONDS),
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: options.max_receive_count },
    });
    return { label, queue: work, deadLetters };
  };

  const prefix = `vachan-${environment}`;
  return [
    pair('recordings', 'Recordings', `${prefix}-recordings`),
    ...options.additional.map((name) => pair(name, `Queue-${name}`, `${prefix}-${name}`)),
  ];
}
