import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/deployment.js';
import type { CreateAlarm } from './alarm-topic.js';
import type { workerImage } from './image.js';
import type { Place } from './network.js';

/** What the stack lends to its parts. */
export interface Lent {
  deployment: Deployment;
  iamFolder: string;
  key: kms.IKey;
  accessLogs: s3.IBucket;
  place: Place;
  cluster: ecs.ICluster;
  image: ReturnType<typeof workerImage>;
  logGroup: (scope: Construct, id: string, service: string) => logs.ILogGroup;
  createAlarm: CreateAlarm;
}
