import { z } from 'zod';
import { jobRequestSchema } from '../jobs/job-fields.js';

/**
 * What the HTTP API takes and answers of the queue. Answers pass through these schemas, which drop what they do not name: an
 * interview's id or a key does not leave by this door.
 */

const count = z.int().min(0);
const ratio = z.number().min(0).max(1);

/** More in one request keeps others waiting. */
const MOST_JOBS = 100;

export const jobsRequestSchema = z.strictObject({
  jobs: z.array(jobRequestSchema).min(1).max(MOST_JOBS),
});
export type JobsRequest = z.infer<typeof jobsRequestSchema>;

export const jobsAnswerSchema = z.object({
  jobs: z
    .array(
      z.object({
        job_id: z
          .string()
          .nullable()
          .meta({ description: '`_id` of its document; null for an erased interview.' }),
        outcome: z.enum(['added', 'known', 'erased']).meta({
          description: '`known`: the interview has a job of this type, bucket and key, which stays as it is.',
        }),
      }),
    )
    .meta({ description: 'In the order of the request.' }),
});
export type JobsAnswer = z.infer<typeof jobsAnswerSchema>;

export const PROCESSING_METHODS = ['streaming_s3', 'scratch_download'] as const;

export const queueStatusSchema = z.object({
  status: z.enum(['ok', 'memory_constrained']),
  total_jobs: count,
  pending_jobs: count,
  processing_jobs: count,
  failed_jobs: count,
  completed_jobs: count,
  active_jobs_count: count.meta({ description: 'Jobs that a live process works on, of all processes.' }),
  processing_method: z.enum(PROCESSING_METHODS),
  max_concurrent_jobs: count.meta({ description: 'Places of all live worker processes together.' }),
  ready_jobs: count.meta({ description: 'Pending jobs whose object is there: they wait for a place.' }),
  worker_processes: count,
  recommended_jobs: count.nullable().meta({
    description: 'Jobs at once that the memory of this process suffices for; null where it is not watched.',
  }),
  measured_at: z.iso.datetime(),
});
export type QueueStatus = z.infer<typeof queueStatusSchema>;

export const queueStatsSchema = z.object({
  jobs_processed_today: count.meta({ description: 'Jobs that have ended today, in STATS_TIME_ZONE.' }),
  success_rate: ratio
    .nullable()
    .meta({ description: 'Completed of those that have ended; null without any.' }),
  average_processing_time: z.string().nullable().meta({
    description: 'From the claim to the end, over completed jobs, such as "8.5 minutes"; null without any.',
  }),
  memory_usage: z
    .string()
    .nullable()
    .meta({ description: 'Of this process\'s limit, such as "65%"; null where it is not watched.' }),
  active_concurrent_jobs: count,
  jobs_completed_today: count,
  jobs_failed_today: count,
  average_processing_seconds: z.number().min(0).nullable(),
  memory_usage_ratio: ratio.nullable(),
  day_started_at: z.iso.datetime(),
  measured_at: z.iso.datetime(),
});
export type QueueStats = z.infer<typeof queueStatsSchema>;

/** Named parts of the OpenAPI description. */
export const COMPONENTS = {
  InterviewJobs: jobsRequestSchema,
  InterviewJobsAnswer: jobsAnswerSchema,
  InterviewQueueStatus: queueStatusSchema,
  InterviewQueueStats: queueStatsSchema,
} as const;
