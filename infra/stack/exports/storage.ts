import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Deployment } from '../../deployment/deployment.js';
import type { ExportsDeployment } from '../../deployment/exports.js';
import { exportsBucketName, metadataTableName } from '../../deployment/exports-settings.js';
import { createBucket } from '../buckets.js';

/** The last net under uploads that nobody finishes: longer than a job may be paused for, since a task takes up its parts again. */
const ABANDONED_UPLOAD = Duration.days(7);

/** A copy of an archive that could not be read in place is of use while its task runs, 12 hours at a time. */
const SPOOL = Duration.days(2);

/** Objects and state, unless a bucket is named; its lifecycle rules are then its owner's. */
export function createExportsBucket(
  scope: Construct,
  deployment: Deployment,
  part: ExportsDeployment,
  { key, accessLogs }: { key: kms.IKey; accessLogs: s3.IBucket },
): void {
  if (part.bucket_name !== undefined) return;
  createBucket(
    scope,
    'Bucket',
    { name: exportsBucketName(deployment), logPrefix: 'exports', key, accessLogs },
    {
      lifecycleRules: [
        { id: 'abandoned-uploads', abortIncompleteMultipartUploadAfter: ABANDONED_UPLOAD },
        { id: 'spool', prefix: `${part.state_prefix}/_spool/`, expiration: SPOOL },
      ],
    },
  );
}

/** What an export should hold, a row for each entry, unless a table is named. */
export function createMetadataTable(
  scope: Construct,
  deployment: Deployment,
  part: ExportsDeployment,
  key: kms.IKey,
): void {
  if (part.metadata_table_name !== undefined) return;
  new dynamodb.Table(scope, 'Metadata', {
    tableName: metadataTableName(deployment),
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
    // Read in bursts, a job at a time, and by nobody between them.
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
