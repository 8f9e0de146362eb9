import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The longest that SQS keeps a message: a long holiday must not cost work. */
const RETENTION = Duration.days(14);

/** A queue of work and where that goes which fails again and again. */
export interface WorkQueue {
  /** How alarms and outputs call it. */
  label: string;
  queue: sqs.Queue;
  deadLetters: sqs.Queue;
}

export interface QueuePairOptions {
  label: string;
  id: string;
  name: string;
  fifo: boolean;
  key: kms.IKey;
  visibilitySeconds: number;
  maxReceiveCount: number;
}

/** A queue with its dead-letter queue, encrypted, kept when the stack is deleted. */
export function createQueuePair(scope: Construct, options: QueuePairOptions): WorkQueue {
  const { label, id, name, fifo, key } = options;
  const queue = (queueId: string, queueName: string, more: sqs.QueueProps): sqs.Queue =>
    new sqs.Queue(scope, queueId, {
      // FIFO queues carry it in their names; SQS insists.
      queueName: fifo ? `${queueName}.fifo` : queueName,
      ...(fifo && { fifo: true }),
      encryptionMasterKey: key,
      // An hour rather than five minutes: KMS is asked twelve times less often, and is billed by the call.
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      retentionPeriod: RETENTION,
      // A stack that is deleted by mistake must not take the work with it.
      removalPolicy: RemovalPolicy.RETAIN,
      ...more,
    });
  const deadLetters = queue(`${id}DeadLetters`, `${name}-dead-letters`, {});
  const work = queue(id, name, {
    visibilityTimeout: Duration.seconds(options.visibilitySeconds),
    receiveMessageWaitTime: Duration.seconds(20),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: options.maxReceiveCount },
  });
  return { label, queue: work, deadLetters };
}
