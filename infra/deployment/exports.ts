import { z } from 'zod';
import { fields } from './fields.js';
import { furtherSettings, messageAgeAlarms, orchestratorSchema, workerTasks } from './pipeline-services.js';

const whole = fields.wholeNumber;

/**
 * Export processing beside recordings: asked for by being there. It shares network, cluster, key, alarms and image, and has
 * queues, services, roles and log groups of its own.
 */
export const exportsSchema = z.strictObject({
  /** An existing bucket for objects and state, whose lifecycle rules are its owner's. Unset: one is made. */
  bucket_name: fields.bucketName.optional(),
  bucket_kms_key_arn: fields.kmsKeyArn.optional(),
  output_prefix: fields.s3Folder.default('objects'),
  /** Apart from the output, so that events of S3 on it tell of objects only. */
  state_prefix: fields.s3Folder.default('state'),
  /** An existing table of metadata. Unset: one is made with the keys `pk` and `sk`. */
  metadata_table_name: z
    .string()
    .regex(/^[\w.-]{3,255}$/, 'the name of a DynamoDB table')
    .optional(),
  metadata_kms_key_arn: fields.kmsKeyArn.optional(),

  /** Where the Export API is, and the hosts that archives are downloaded from. */
  api_cidrs: z.array(fields.cidr).min(1, 'the address ranges of the Export API and of its downloads'),
  receiver_cidrs: z.array(fields.cidr).default([]),
  dynamodb_prefix_list_id: fields.prefixListId,
  /** False where the VPC has the gateway endpoint already. */
  create_dynamodb_endpoint: z.boolean().default(true),

  /** Queues of download tasks of their own for jobs with priority high and low. */
  priority_queues: z.boolean().default(false),
  /** Deliveries until a message is a dead-letter message; a Spot host that is lost costs its tasks one. */
  max_receive_count: whole(1, 1000).default(10),

  orchestrator: orchestratorSchema,

  worker: z
    .strictObject({
      ...workerTasks({ memoryMib: 4096, maxTasks: 20 }),
      /** Download tasks that may wait for each worker: what its places work off while another one starts. */
      waiting_per_task: whole(1, 100_000).default(16),
      cpu_percent: whole(10, 90).default(70),
    })
    .prefault({}),

  /** Half of what SQS keeps messages, and what is left then of a dead-letter message, whose clock began when it was first sent. */
  alarms: messageAgeAlarms({ queueDays: 7, deadLetterDays: 10 }),

  ...furtherSettings,
});

export type ExportsDeployment = z.output<typeof exportsSchema>;
