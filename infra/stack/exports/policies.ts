import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Deployment } from '../../deployment/deployment.js';
import type { ExportsDeployment } from '../../deployment/exports.js';
import { exportsBucketName, metadataTableName } from '../../deployment/exports-settings.js';
import { rolePolicy } from '../role-policy.js';
import { publishForScaling, useKeys } from '../worker-policies.js';
import type { ExportsQueues } from './queues.js';

/** Folders of the bucket, as IAM and cdk-nag name them. */
export function exportsFolders(
  deployment: Deployment,
  part: ExportsDeployment,
): { output: string; state: string } {
  const bucket = exportsBucketName(deployment);
  return { output: `${bucket}/${part.output_prefix}`, state: `${bucket}/${part.state_prefix}` };
}

/** What each service of exports, and a person with `vachan exports`, may do: infra/iam's policies for this deployment's resources. */
export function exportsPolicies(
  scope: Construct,
  deployment: Deployment,
  part: ExportsDeployment,
  iamFolder: string,
  { queues, key }: { queues: ExportsQueues; key: kms.IKey },
): Record<'orchestrator' | 'worker' | 'operator', iam.PolicyDocument> {
  const stack = Stack.of(scope);
  const s3Arn = (resource: string): string =>
    stack.formatArn({ service: 's3', region: '', account: '', resource });
  const folders = exportsFolders(deployment, part);
  const tasks = Object.values(queues.tasks);
  const table = stack.formatArn({
    service: 'dynamodb',
    resource: 'table',
    resourceName: metadataTableName(deployment),
  });
  const arns = {
    JobsQueueArn: [queues.jobs.queue.queueArn],
    JobsDeadLetterQueueArn: [queues.jobs.deadLetters.queueArn],
    TasksQueueArn: tasks.map(({ queue }) => queue.queueArn),
    TasksDeadLetterQueueArn: tasks.map(({ deadLetters }) => deadLetters.queueArn),
    OutputArn: [s3Arn(folders.output)],
    StateArn: [s3Arn(folders.state)],
    ExportsBucketArn: [s3Arn(exportsBucketName(deployment))],
    OutputPrefix: [part.output_prefix],
    StatePrefix: [part.state_prefix],
    MetadataTableArn: [table],
  };
  const keys = [key.keyArn];
  for (const given of [part.bucket_kms_key_arn, part.metadata_kms_key_arn, part.settings['EXPORT_KMS_KEY']])
    if (given?.startsWith('arn:') === true && !keys.includes(given)) keys.push(given);
  const policyOf = (role: string): iam.PolicyDocument => {
    const policy = rolePolicy(iamFolder, `exports-${role}`, arns);
    policy.addStatements(useKeys('UseTheKeysOfQueuesAndObjects', keys));
    return policy;
  };
  const orchestrator = policyOf('orchestrator');
  orchestrator.addStatements(publishForScaling());
  const worker = policyOf('worker');
  if (part.settings['EXPORT_TAGS'] !== undefined)
    worker.addStatements(
      new iam.PolicyStatement({
        sid: 'TagObjects',
        actions: ['s3:PutObjectTagging'],
        resources: arns.OutputArn.map((arn) => `${arn}/*`),
      }),
    );
  return { orchestrator, worker, operator: policyOf('operator') };
}
