import { z } from 'zod';
import { databaseAddress, fields, secretReference } from './fields.js';
import { furtherSettings, messageAgeAlarms, orchestratorSchema, workerTasks } from './pipeline-services.js';

const whole = fields.wholeNumber;

/**
 * Interviews beside the other pipelines: asked for by being there. They share network, cluster, key, alarms and image, and
 * have a queue, services, roles and log groups of their own.
 */
export const interviewsSchema = z.strictObject({
  /** Buckets of recordings, which exist and are only read. */
  bucket_names: z.array(fields.bucketName).min(1, 'a bucket with recordings of interviews'),
  kms_key_arns: z.array(fields.kmsKeyArn).default([]),
  /** Lets these buckets tell the queue of new objects; the notification itself is set up at the bucket, by its owner. */
  events_from_buckets: z.boolean().default(true),

  mongo: z.strictObject({
    uri: secretReference,
    db_name: z.string().min(1).default('vachan'),
    ...databaseAddress,
  }),
  /** What digests of interview ids are made with, 32 characters or more. */
  id_key: secretReference,
  /** Where the receiver of webhooks is, and services of the settings, such as a transcriber. */
  receiver_cidrs: z.array(fields.cidr).default([]),

  /** An existing bucket for values by the second of very long recordings. Unset: one is made. */
  series_bucket_name: fields.bucketName.optional(),
  series_bucket_kms_key_arn: fields.kmsKeyArn.optional(),

  /** Deliveries until a message is a dead-letter message. */
  max_receive_count: whole(1, 1000).default(10),

  orchestrator: orchestratorSchema,

  worker: z
    .strictObject({
      ...workerTasks({ memoryMib: 8192, maxTasks: 10 }),
      /** Jobs that may be ready for each worker: what its places work off while another one starts. */
      ready_per_task: whole(1, 100_000).default(12),
      /** Only with ENABLE_STREAMING_PROCESSING=false, which downloads whole recordings. Unset: Fargate's own 20. */
      ephemeral_storage_gib: whole(21, 200).optional(),
    })
    .prefault({}),

  alarms: messageAgeAlarms({ queueDays: 2, deadLetterDays: 10 }),

  ...furtherSettings,
});

export type InterviewsDeployment = z.output<typeof interviewsSchema>;
