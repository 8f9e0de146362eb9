import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.js';
import { createBucket } from './buckets.js';

/** Bucket names are the world's; account and region keep this one apart. */
export function resultsBucketName({ environment, account, region }: Deployment): string {
  return `vachan-${environment}-results-${account}-${region}`;
}

/** The bucket that CSV objects go to. */
export function createResultsBucket(
  scope: Construct,
  deployment: Deployment,
  key: kms.IKey,
  accessLogs: s3.IBucket,
): s3.IBucket {
  const name = resultsBucketName(deployment);
  return createBucket(
    scope,
    'Results',
    { name, logPrefix: 'results', key, accessLogs },
    {
      // A batch that is written twice overwrites its object; the first is kept for a month.
      versioned: true,
      lifecycleRules: [
        {
          expiration: Duration.days(deployment.results.csv_retention_days),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    },
  );
}
