import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Deployment } from '../../deployment/deployment.js';
import type { InterviewsDeployment } from '../../deployment/interviews.js';
import { SERIES_FOLDER, seriesBucketName } from '../../deployment/interviews-settings.js';
import type { WorkQueue } from '../queue-pair.js';
import { rolePolicy } from '../role-policy.js';
import { publishForScaling, useKeys } from '../worker-policies.js';

/** The folder of series, as IAM and cdk-nag name it. */
export function seriesFolder(deployment: Deployment): string {
  return `${seriesBucketName(deployment)}/${SERIES_FOLDER}`;
}

/** What each service of interviews, and a person with `vachan interviews`, may do: infra/iam's policies for this deployment's resources. */
export function interviewsPolicies(
  scope: Construct,
  deployment: Deployment,
  part: InterviewsDeployment,
  iamFolder: string,
  { jobs, key }: { jobs: WorkQueue; key: kms.IKey },
): Record<'orchestrator' | 'worker' | 'operator', iam.PolicyDocument> {
  const s3Arn = (resource: string): string =>
    Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource });
  const names = {
    JobsQueueArn: [jobs.queue.queueArn],
    JobsDeadLetterQueueArn: [jobs.deadLetters.queueArn],
    MediaBucketArn: part.bucket_names.map(s3Arn),
    SeriesArn: [s3Arn(seriesFolder(deployment))],
    SeriesBucketArn: [s3Arn(seriesBucketName(deployment))],
    SeriesPrefix: [SERIES_FOLDER],
  };
  const own = [key.keyArn];
  if (part.series_bucket_kms_key_arn !== undefined) own.push(part.series_bucket_kms_key_arn);
  const policyOf = (role: string): iam.PolicyDocument => {
    const policy = rolePolicy(iamFolder, `interviews-${role}`, names);
    policy.addStatements(useKeys('UseTheKeysOfQueueAndSeries', own));
    return policy;
  };
  const policies = {
    orchestrator: policyOf('orchestrator'),
    worker: policyOf('worker'),
    operator: policyOf('operator'),
  };
  policies.orchestrator.addStatements(publishForScaling());
  // A look at an object asks for its checksum as well, which S3 gives to those alone who may use its key. People read no recordings.
  for (const role of ['orchestrator', 'worker'] as const)
    if (part.kms_key_arns.length > 0)
      policies[role].addStatements(
        new iam.PolicyStatement({
          sid: 'DecryptMedia',
          actions: ['kms:Decrypt'],
          resources: [...part.kms_key_arns],
        }),
      );
  return policies;
}
