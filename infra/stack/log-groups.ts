import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.js';

/** The library's names of the retentions that a deployment may ask for. */
const RETENTION: Readonly<Record<Deployment['logs']['retention_days'], logs.RetentionDays>> = {
  1: logs.RetentionDays.ONE_DAY,
  3: logs.RetentionDays.THREE_DAYS,
  5: logs.RetentionDays.FIVE_DAYS,
  7: logs.RetentionDays.ONE_WEEK,
  14: logs.RetentionDays.TWO_WEEKS,
  30: logs.RetentionDays.ONE_MONTH,
  60: logs.RetentionDays.TWO_MONTHS,
  90: logs.RetentionDays.THREE_MONTHS,
  120: logs.RetentionDays.FOUR_MONTHS,
  150: logs.RetentionDays.FIVE_MONTHS,
  180: logs.RetentionDays.SIX_MONTHS,
  365: logs.RetentionDays.ONE_YEAR,
  400: logs.RetentionDays.THIRTEEN_MONTHS,
};

/** An encrypted log group that ends by its retention, not with the stack. */
export function createLogGroup(
  scope: Construct,
  id: string,
  name: string,
  { logs: { retention_days: days } }: Deployment,
  key: kms.IKey,
): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    logGroupName: name,
    retention: RETENTION[days],
    encryptionKey: key,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
