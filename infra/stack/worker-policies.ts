import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { RecordingsDeployment } from '../deployment/deployment.js';
import { METRIC_NAMESPACE } from './backlog-metric.js';
import type { WorkQueue } from './queue-pair.js';
import { resultsBucketName } from './results-bucket.js';
import { rolePolicy } from './role-policy.js';

/**
 * What each service, and a person with the `vachan` command, may do: infra/iam's policies for this deployment's resources, and the use of their keys.
 *
 * @param iamFolder infra/iam
 */
export function workerPolicies(
  scope: Construct,
  deployment: RecordingsDeployment,
  iamFolder: string,
  resources: { queues: readonly WorkQueue[]; key: kms.IKey },
): { orchestrator: iam.PolicyDocument; inference: iam.PolicyDocument; operator: iam.PolicyDocument } {
  const bucketArn = (name: string): string =>
    Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: name });
  const arns = {
    WorkQueueArn: resources.queues.map(({ queue }) => queue.queueArn),
    DeadLetterQueueArn: resources.queues.map(({ deadLetters }) => deadLetters.queueArn),
    RecordingsBucketArn: deployment.recordings.bucket_names.map(bucketArn),
    ResultsBucketArn: [bucketArn(resultsBucketName(deployment))],
    MetricNamespace: [METRIC_NAMESPACE],
  };
  const orchestrator = rolePolicy(iamFolder, 'orchestrator', arns);
  const inference = rolePolicy(iamFolder, 'inference', arns);
  const operator = rolePolicy(iamFolder, 'operator', arns);
  for (const policy of [orchestrator, inference, operator])
    policy.addStatements(useKeys('UseTheKeyOfQueuesAndResults', [resources.key.keyArn]));
  orchestrator.addStatements(publishForScaling());
  if (deployment.recordings.kms_key_arns.length > 0) {
    inference.addStatements(
      new iam.PolicyStatement({
        sid: 'DecryptRecordings',
        actions: ['kms:Decrypt'],
        resources: [...deployment.recordings.kms_key_arns],
      }),
    );
  }
  return { orchestrator, inference, operator };
}

/** Reading and writing what is encrypted with these keys. */
export const useKeys = (sid: string, resources: string[]): iam.PolicyStatement =>
  new iam.PolicyStatement({ sid, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources });

/** Here and not in infra/iam, since the namespace is this stack's choice; without it the scaling sees nothing. */
export const publishForScaling = (): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid: 'PublishBacklogForScaling',
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } },
  });
