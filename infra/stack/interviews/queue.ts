import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { CheckedInterviews } from '../../deployment/read-deployment.js';
import { createQueuePair, type WorkQueue } from '../queue-pair.js';

/** What brings jobs, and tells of objects where the deployment lets its buckets. */
export function createJobsQueue(
  scope: Construct,
  environment: string,
  { part, configuration }: CheckedInterviews,
  key: kms.IKey,
): WorkQueue {
  const pair = createQueuePair(scope, {
    ...{
      label: 'interview-jobs',
      id: 'Jobs',
      name: `vachan-${environment}-interview-jobs`,
      key,
      fifo: false,
    },
    visibilitySeconds: configuration.SQS_VISIBILITY_TIMEOUT_SECONDS,
    maxReceiveCount: part.max_receive_count,
  });
  if (part.events_from_buckets) letBucketsSend(pair, part.bucket_names, key);
  return pair;
}

/** S3 sends by itself, and needs the key by which the queue is encrypted. */
function letBucketsSend({ queue }: WorkQueue, buckets: readonly string[], key: kms.IKey): void {
  const stack = Stack.of(queue);
  const conditions = {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: {
      'aws:SourceArn': buckets.map((resource) =>
        stack.formatArn({ service: 's3', region: '', account: '', resource }),
      ),
    },
  };
  const principals = [new iam.ServicePrincipal('s3.amazonaws.com')];
  queue.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'EventsOfInterviews',
      ...{ principals, conditions },
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
    }),
  );
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'EventsOfInterviews',
      ...{ principals, conditions },
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
    }),
  );
}
