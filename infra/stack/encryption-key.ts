import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * The one key of the deployment: messages name children, logs and CSV describe their recordings.
 *
 * @param logGroupPrefix log groups below it may use the key
 */
export function createEncryptionKey(scope: Construct, logGroupPrefixes: readonly string[]): kms.Key {
  const stack = Stack.of(scope);
  const key = new kms.Key(scope, 'Key', {
    description: 'Vachan: queues, logs, results and notifications',
    enableKeyRotation: true,
    // Without it nothing that was written can be read again.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const logGroups = logGroupPrefixes.map((prefix) =>
    stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${prefix}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'EncryptLogs',
      principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
  );
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'NotifyOfAlarms',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  return key;
}
