import { z } from 'zod';
import { exportsSchema } from './exports.js';
import { interviewsSchema } from './interviews.js';
import { databaseAddress, fields, secretReference } from './fields.js';

/** Services that workers reach without leaving the VPC. */
export const VPC_ENDPOINTS = [
  's3',
  'sqs',
  'ecr.api',
  'ecr.dkr',
  'logs',
  'monitoring',
  'secretsmanager',
] as const;

const whole = fields.wholeNumber;

/**
 * One deployment, as its JSON file says it: everything that differs between two installations of Vachan, and nothing
 * secret. infra/README.md has the table.
 */
export const deploymentSchema = z.strictObject({
  environment: fields.environment,
  account: fields.account,
  region: fields.region,

  image: z.strictObject({
    repository_name: z.string().min(1, 'the name of an ECR repository'),
    /** Unset: the deployment's own account. */
    repository_account: fields.account.optional(),
    tag: fields.imageTag,
    architecture: z.enum(['X86_64', 'ARM64']).default('X86_64'),
  }),

  network: z.strictObject({
    vpc_id: fields.vpcId,
    vpc_cidr: fields.cidr,
    availability_zones: z.array(z.string().min(1)).min(2, 'two availability zones or more'),
    private_subnet_ids: z.array(fields.subnetId).min(2, 'a private subnet in each availability zone'),
    private_route_table_ids: z.array(fields.routeTableId).min(1, 'the route tables of those subnets'),
    s3_prefix_list_id: fields.prefixListId,
    /** Those that the VPC has not got; two of one service would fight over its private name. */
    create_endpoints: z.array(z.enum(VPC_ENDPOINTS)).default([...VPC_ENDPOINTS]),
    /** Who may read health, metrics and the read-only API on the workers' port. */
    metrics_client_security_group_id: fields.securityGroupId.optional(),
    /** Where https audio outside S3 may come from; needed with AUDIO_ALLOWED_HOSTS. */
    audio_cidrs: z.array(fields.cidr).default([]),
    /** Whatever else the settings name, a collector of traces for one. */
    also_reach: z
      .array(z.strictObject({ what: z.string().min(1, 'a name'), cidr: fields.cidr, port: fields.port }))
      .default([]),
  }),

  temporal: z.strictObject({
    address: fields.hostAndPort,
    namespace: z.string().min(1, 'a namespace'),
    cidrs: z.array(fields.cidr).min(1, 'the address ranges of the Temporal service'),
    /** An API key, or a client certificate and its key; neither for a server without either. */
    api_key: secretReference.optional(),
    client_cert: secretReference.optional(),
    client_key: secretReference.optional(),
  }),

  /** `mongo`, `recordings`, `inference` and `prescale` are there together; without them the deployment has exports or interviews alone. */
  mongo: z
    .strictObject({
      uri: secretReference,
      db_name: z.string().min(1).default('vachan'),
      ...databaseAddress,
    })
    .optional(),
  postgres: z.strictObject({ dsn: secretReference, ...databaseAddress }).optional(),
  /** The key that the secrets are encrypted with, where it is not AWS's own. */
  secrets_kms_key_arn: fields.kmsKeyArn.optional(),

  recordings: z
    .strictObject({
      bucket_names: z.array(fields.bucketName).min(1, 'a bucket with recordings'),
      kms_key_arns: z.array(fields.kmsKeyArn).default([]),
    })
    .optional(),

  queue: z
    .strictObject({
      fifo: z.boolean().default(false),
      /** Deliveries until a recording is a dead-letter message. Ten: each Spot host that is lost costs its messages one (docs/reliability.md). */
      max_receive_count: whole(1, 1000).default(10),
      /** Further queues that a run may name as its queue_url. */
      additional: z.array(z.string().regex(/^[a-z0-9-]{1,40}$/, 'a short name')).default([]),
    })
    .prefault({}),

  exports: exportsSchema.optional(),

  interviews: interviewsSchema.optional(),

  results: z.strictObject({ csv_retention_days: whole(1, 3650).default(400) }).prefault({}),

  orchestrator: z
    .strictObject({
      cpu: z.int().default(512),
      memory_mib: z.int().default(1024),
      tasks: whole(1, 10).default(2),
    })
    .prefault({}),

  inference: z
    .strictObject({
      cpu: z.int(),
      memory_mib: z.int(),
      min_tasks: whole(0, 1000).default(1),
      max_tasks: whole(1, 1000),
      /** Tasks that are never on Spot. */
      on_demand_tasks: whole(0, 1000).default(0),
      /** Recordings that may wait for each task: what one task scores in the time that a backlog may last. */
      backlog_per_task: whole(1, 1_000_000),
      /** Unset: enough for the longest recordings that the settings allow. */
      ephemeral_storage_gib: whole(21, 200).optional(),
    })
    .optional(),

  /** Tasks that are up before the run's first message; from release_at on the backlog alone decides. */
  prescale: z
    .strictObject({
      time_zone: fields.timeZone,
      at: fields.clockTime,
      release_at: fields.clockTime,
      tasks: whole(1, 1000),
    })
    .optional(),

  logs: z
    .strictObject({
      retention_days: z
        .literal(
          [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400],
          'a retention that CloudWatch Logs knows',
        )
        .default(30),
    })
    .prefault({}),

  alarms: z
    .strictObject({
      emails: z.array(fields.email).default([]),
      /** A message older than this will not be scored in its run. */
      backlog_age_seconds: whole(300, 1_209_600).default(18_000),
      no_progress_minutes: whole(5, 120).default(15),
      /** Tasks that ended by themselves or could not start, within a quarter of an hour. */
      task_failures: whole(1, 1000).default(3),
    })
    .prefault({}),

  /** Any further setting of the worker (docs/configuration.md), under its name. */
  settings: z.record(z.string(), z.string()).default({}),
  /** The same for settings that are secret. */
  secret_settings: z.record(z.string(), secretReference).default({}),
});

/** A checked deployment, defaults filled in. */
export type Deployment = z.output<typeof deploymentSchema>;
/** What recordings cannot do without. */
const FIELDS_OF_RECORDINGS = ['mongo', 'recordings', 'inference', 'prescale'] as const;
type FieldOfRecordings = (typeof FIELDS_OF_RECORDINGS)[number];

/** A deployment that has recordings. */
export type RecordingsDeployment = Deployment & {
  [Field in FieldOfRecordings]: NonNullable<Deployment[Field]>;
};

export function hasRecordings(deployment: Deployment): deployment is RecordingsDeployment {
  return missingOfRecordings(deployment).length === 0;
}

/** What keeps a deployment from having recordings. */
export function missingOfRecordings(deployment: Deployment): FieldOfRecordings[] {
  return FIELDS_OF_RECORDINGS.filter((field) => deployment[field] === undefined);
}

/** True where a deployment leaves out recordings as a whole, in favour of the others. */
export function leavesOutRecordings(deployment: Deployment): boolean {
  const missing = missingOfRecordings(deployment);
  const hasAnother = deployment.exports !== undefined || deployment.interviews !== undefined;
  return hasAnother && missing.length === FIELDS_OF_RECORDINGS.length;
}

export type SecretReference = z.output<typeof secretReference>;
export type VpcEndpointName = (typeof VPC_ENDPOINTS)[number];
