import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { CheckedRecordings } from '../deployment/read-deployment.js';
import { createQueuePair, type WorkQueue } from './queue-pair.js';

/** The queue between discovery and inference, first, and those that a run may name as its `queue_url`. */
export function createQueues(
  scope: Construct,
  { deployment, configuration }: CheckedRecordings,
  key: kms.IKey,
): [WorkQueue, ...WorkQueue[]] {
  const { environment, queue: options } = deployment;
  const pair = (label: string, id: string, name: string): WorkQueue =>
    createQueuePair(scope, {
      ...{ label, id, name, key, fifo: options.fifo },
      visibilitySeconds: configuration.SQS_VISIBILITY_TIMEOUT_SECONDS,
      maxReceiveCount: options.max_receive_count,
    });
  const prefix = `vachan-${environment}`;
  return [
    pair('recordings', 'Recordings', `${prefix}-recordings`),
    ...options.additional.map((name) => pair(name, `Queue-${name}`, `${prefix}-${name}`)),
  ];
}
