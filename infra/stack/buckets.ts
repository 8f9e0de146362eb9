import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.js';

/** Long enough to look into who read what, short enough to cost little. */
const ACCESS_LOG_RETENTION = Duration.days(90);

const GUARDED = {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
};

/** The bucket that records who touched the others. */
export function createAccessLogs(scope: Construct): s3.IBucket {
  const accessLogs = new s3.Bucket(scope, 'AccessLogs', {
    ...GUARDED,
    // S3 cannot write its access logs with a key of one's own.
    encryption: s3.BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ expiration: ACCESS_LOG_RETENTION }],
  });
  acknowledge(accessLogs, 'AwsSolutions-S1', 'It receives access logs; logging its own would never end.');
  // The library's classes and interfaces disagree on undefined under exactOptionalPropertyTypes.
  return accessLogs as s3.IBucket;
}

/** A bucket that is closed, encrypted with the own key, and tells the access logs who came. */
export function createBucket(
  scope: Construct,
  id: string,
  options: { name: string; logPrefix: string; key: kms.IKey; accessLogs: s3.IBucket },
  more: s3.BucketProps,
): s3.IBucket {
  const bucket = new s3.Bucket(scope, id, {
    ...GUARDED,
    bucketName: options.name,
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: options.key,
    bucketKeyEnabled: true,
    serverAccessLogsBucket: options.accessLogs,
    serverAccessLogsPrefix: `${options.logPrefix}/`,
    ...more,
  });
  return bucket as s3.IBucket;
}
