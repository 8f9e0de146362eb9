import { Duration, Size, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { SCRATCH_PATH, STOP_TIMEOUT_SECONDS, WORKER_PORT } from '../deployment/worker-settings.js';
import { acknowledge } from './acknowledge.js';

export interface WorkerTaskOptions {
  /** Of its service; names of constructs begin with it. */
  id: string;
  /** In prose: whose role it is. */
  who?: string;
  cpu: number;
  memoryMib: number;
  /** Unset: all of the task's. */
  memoryLimitMib?: number | undefined;
  /** Unset: Fargate's own 20. */
  ephemeralStorageGib?: number | undefined;
  architecture: 'X86_64' | 'ARM64';
  image: ecs.ContainerImage;
  repository: ecr.IRepository;
  environment: Record<string, string>;
  secrets: Record<string, ecs.Secret>;
  /** The key that they are encrypted with, where it is not AWS's own. */
  secretsKeyArn: string | undefined;
  logGroup: logs.ILogGroup;
  /** What the worker may do in AWS. */
  policy: iam.PolicyDocument;
  /** Buckets, or folders of them, whose objects it covers, all of them. */
  wholeBuckets: readonly string[];
  /** Whether it publishes figures for the scaling. */
  publishes?: boolean;
}

/** The Dockerfile's HEALTHCHECK, which ECS does not read. */
const LIVENESS = [
  'CMD',
  'node',
  '-e',
  "fetch('http://127.0.0.1:'+(process.env.HEALTH_PORT||8080)+'/health/live',{signal:AbortSignal.timeout(4000)}).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))",
];

/** One service's task: the image without privileges, its one writable folder, its secrets and its log. */
export function createWorkerTask(scope: Construct, options: WorkerTaskOptions): ecs.FargateTaskDefinition {
  const who = options.who ?? options.id.toLowerCase();
  const tasks = new iam.ServicePrincipal('ecs-tasks.amazonaws.com');
  const taskRole = new iam.Role(scope, `${options.id}TaskRole`, {
    assumedBy: tasks,
    description: `What Vachan's ${who} may do`,
    inlinePolicies: { Worker: options.policy },
  });
  const executionRole = new iam.Role(scope, `${options.id}ExecutionRole`, {
    assumedBy: tasks,
    description: `What ECS may do to start Vachan's ${who}`,
  });
  const task = new ecs.FargateTaskDefinition(scope, `${options.id}Task`, {
    cpu: options.cpu,
    memoryLimitMiB: options.memoryMib,
    ...(options.ephemeralStorageGib !== undefined && { ephemeralStorageGiB: options.ephemeralStorageGib }),
    runtimePlatform: {
      cpuArchitecture: ecs.CpuArchitecture.of(options.architecture),
      operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
    },
    taskRole,
    executionRole,
    // A VOLUME of the image at the same path: it keeps the owner that it has there, so that the user `node` can write.
    volumes: [{ name: 'scratch' }],
  });
  const linuxParameters = new ecs.LinuxParameters(scope, `${options.id}Linux`);
  linuxParameters.dropCapabilities(ecs.Capability.ALL);
  const container = task.addContainer('worker', {
    containerName: 'worker',
    image: options.image,
    environment: options.environment,
    secrets: options.secrets,
    user: 'node',
    ...(options.memoryLimitMib !== undefined && { memoryLimitMiB: options.memoryLimitMib }),
    readonlyRootFilesystem: true,
    privileged: false,
    linuxParameters,
    stopTimeout: Duration.seconds(STOP_TIMEOUT_SECONDS),
    portMappings: [{ containerPort: WORKER_PORT }],
    healthCheck: {
      command: LIVENESS,
      interval: Duration.seconds(15),
      timeout: Duration.seconds(5),
      retries: 3,
      // Connections are waited for, and each process of the audio pool loads its model.
      startPeriod: Duration.seconds(60),
    },
    logging: ecs.LogDrivers.awsLogs({
      logGroup: options.logGroup,
      streamPrefix: 'worker',
      // A log service that is slow or away must not stop a batch.
      mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
    }),
  });
  container.addMountPoints({ sourceVolume: 'scratch', containerPath: SCRATCH_PATH, readOnly: false });
  options.repository.grantPull(executionRole);
  // A grant through the library would go into the policy of the key, which is not this stack's to change.
  if (options.secretsKeyArn !== undefined) {
    executionRole.addToPolicy(
      new iam.PolicyStatement({
        sid: 'DecryptSecrets',
        actions: ['kms:Decrypt'],
        resources: [options.secretsKeyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(scope).region}.amazonaws.com` },
        },
      }),
    );
  }

  acknowledge(
    task,
    'AwsSolutions-ECS2',
    'What stands in the environment is no secret; secrets come from Secrets Manager when a task starts.',
  );
  acknowledge(
    executionRole,
    'AwsSolutions-IAM5[Resource::*]',
    'ecr:GetAuthorizationToken has no resource; every other statement names its own.',
  );
  if (options.publishes === true) {
    acknowledge(
      taskRole,
      'AwsSolutions-IAM5[Resource::*]',
      'cloudwatch:PutMetricData has no resource; a condition names its namespace.',
    );
  }
  for (const bucket of options.wholeBuckets) {
    acknowledge(
      taskRole,
      `AwsSolutions-IAM5[Resource::arn:aws:s3:::${bucket}/*]`,
      'Objects are named by source rows and batches; the bucket is the narrowest resource that can be named.',
    );
  }
  return task;
}
