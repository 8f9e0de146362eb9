import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.js';
import { acknowledge } from './acknowledge.js';

/** Long enough to look into who read what, short enough to cost little. */
const ACCESS_LOG_RETENTION = Duration.days(90);

/** Bucket names are the world's; account and region keep this one apart. */
export function resultsBucketName({ environment, account, region }: Deployment): string {
  return `vachan-${environment}-results-${account}-${region}`;
}

/** The bucket that CSV objects go to, and the one that records who touched it. */
export function createResultsBucket(scope: Construct, deployment: Deployment, key: kms.IKey): s3.IBucket {
  const guarded = {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN,
  };
  const accessLogs = new s3.Bucket(scope, 'AccessLogs', {
    ...guarded,
    // S3 cannot write its access logs with a key of one's own.
    encryption: s3.BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ expiration: ACCESS_LOG_RETENTION }],
  });
  acknowledge(accessLogs, 'AwsSolutions-S1', 'It receives access logs; logging its own would never end.');

  const bucket = new s3.Bucket(scope, 'Results', {
    ...guarded,
    bucketName: resultsBucketName(deployment),
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    // A batch that is written twice overwrites its object; the first is kept for a month.
    versioned: true,
    lifecycleRules: [
      {
        expiration: Duration.days(deployment.results.csv_retention_days),
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    // The library's classes and interfaces disagree on undefined under exactOptionalPropertyTypes.
    serverAccessLogsBucket: accessLogs as s3.IBucket,
    serverAccessLogsPrefix: 'results/',
  });
  return bucket as s3.IBucket;
}
