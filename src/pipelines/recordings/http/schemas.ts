import { z } from 'zod';
import { nextCursorSchema, pageQuery } from '../../../platform/http/page-query.js';
import { calendarDateSchema } from '../../../contract/dates.js';
import { OUTCOMES, type Outcome } from '../contract/outcome.js';
import { DISCOVERY_MODES, discoveryStatsSchema } from '../contract/state-document.js';
import { RUN_STATUSES } from '../../../contract/run-status.js';

/**
 * What the HTTP API answers with. Answers pass through these schemas, which drop what they do not name: a child's id
 * or an address that some day finds its way into a summary does not leave by this door.
 */

const count = z.int().min(0);
const instant = z.iso.datetime();
const dateSchema = calendarDateSchema.meta({ format: 'date', examples: ['2025-12-20'] });

const outcomesSchema = z
  .object(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count])) as Record<Outcome, typeof count>)
  .meta({ description: 'Deliveries by how they ended.' });

const backlogSchema = z.object({
  visible: count.meta({ description: 'Messages that wait.' }),
  in_flight: count.meta({ description: 'Messages that a worker holds.' }),
  delayed: count.meta({ description: 'Messages that are redelivered later.' }),
  inference_workers: count.meta({ description: 'Inference processes that were alive.' }),
});

export const RUN_STATES = ['running', 'completed', 'failed', 'canceled', 'terminated', 'timed_out'] as const;

const runItemShape = {
  workflow_id: z.string(),
  run_id: z.string(),
  kind: z.enum(['discovery', 'ingest']).meta({ description: 'A date, or a queue that others fill.' }),
  test_date: dateSchema.nullable(),
  source_collection: z.string().nullable(),
  mode: z.enum(DISCOVERY_MODES).nullable(),
  queue: z.string().nullable().meta({ description: "The queue's name." }),
  state: z.enum(RUN_STATES).meta({ description: 'What Temporal says of the run.' }),
  status: z.enum(RUN_STATUSES).nullable().meta({ description: 'What the run said of itself last.' }),
  started_at: instant,
  closed_at: instant.nullable(),
};

export const runItemSchema = z.object(runItemShape);
export type RunItem = z.infer<typeof runItemSchema>;

export const runListSchema = z.object({
  runs: z.array(runItemSchema).meta({ description: 'The latest first.' }),
  next_cursor: nextCursorSchema,
});
export type RunList = z.infer<typeof runListSchema>;

export const runCountsSchema = z.object({
  discovery: discoveryStatsSchema.meta({ description: 'Rows read and sent.' }),
  source_exhausted: z.boolean(),
  watermark_at: instant.nullable().meta({ description: 'Time of the last row that is in the queue.' }),
  outcomes: outcomesSchema,
  failures: z
    .record(z.string(), count)
    .optional()
    .meta({ description: 'Attempts that failed before inference, by cause.' }),
  batches: count,
  batches_failed: count,
  hosts_lost: count,
  received: count,
  returned: count.meta({ description: 'Deliveries given back without an outcome.' }),
  returns: z.record(z.string(), count).optional().meta({
    description: 'Of `returned`, by reason; `other_source` means that a worker serves another source.',
  }),
  not_deleted: count.optional().meta({
    description:
      'Settled messages that SQS did not delete in time; they are redelivered, and end as skipped_existing.',
  }),
  lanes: count.meta({ description: 'Batches under way.' }),
  limits: z.object({
    max_concurrency: count
      .nullable()
      .meta({ description: 'Batches at once in each inference process; null: as many as it takes.' }),
    max_records: count.nullable(),
    discovery_batch_size: count,
    batch_size: count,
    poll_interval_seconds: count,
  }),
  backlog: backlogSchema.nullable().meta({ description: 'As the run measured it last.' }),
  updated_at: instant,
});
export type RunCounts = z.infer<typeof runCountsSchema>;

export const runSchema = z.object({
  ...runItemShape,
  counts: runCountsSchema.nullable(),
  counts_missing: z
    .string()
    .nullable()
    .meta({ description: 'Why there are no counts: no worker answered, or how the run failed.' }),
});
export type Run = z.infer<typeof runSchema>;

const depthShape = { visible: count, in_flight: count, delayed: count };

export const queueStatusSchema = z
  .object({
    queue: z.string(),
    fifo: z.boolean(),
    ...depthShape,
    dead_letters: z
      .object({ queue: z.string(), ...depthShape, max_receive_count: count })
      .nullable()
      .meta({ description: 'The dead-letter queue; null where the queue has none.' }),
    inference_workers: count.nullable().meta({
      description: 'Inference processes that are alive; null when Temporal does not say.',
    }),
    measured_at: instant,
  })
  .meta({ description: "SQS's counts are approximate and lag by up to a minute." });
export type QueueStatus = z.infer<typeof queueStatusSchema>;

export const queueStatsSchema = z.object({
  queue: z.string(),
  runs_under_way: count.meta({ description: 'On this queue, as far as Temporal has indexed them.' }),
  runs_answered: count.meta({
    description:
      'Of these, how many the totals cover: the latest ten at most, and only those that a worker answers for.',
  }),
  complete: z.boolean().meta({ description: 'True when the totals cover every run under way.' }),
  outcomes: outcomesSchema.meta({ description: 'Of the runs that answered, since they started.' }),
  success_rate: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .meta({ description: 'completed / (completed + failed_pre_inference); null before either.' }),
  records_per_minute: z.number().min(0).nullable().meta({
    description: 'Settled records a minute, in the mean since each run started; null when no run answered.',
  }),
  lanes: count.meta({ description: 'Batches under way in the runs that answered.' }),
  this_process: z.object({
    service_mode: z.string(),
    outcomes: outcomesSchema.meta({ description: 'Since the process started.' }),
    acknowledged: count,
    uptime_seconds: count,
  }),
  measured_at: instant,
});
export type QueueStats = z.infer<typeof queueStatsSchema>;

export const runListQuerySchema = z.strictObject({
  test_date: dateSchema.optional().meta({ description: 'Runs of this date only.' }),
  status: z.enum(RUN_STATUSES).optional().meta({ description: 'Runs that said this of themselves last.' }),
  ...pageQuery('Runs'),
});
export type RunListQuery = z.infer<typeof runListQuerySchema>;

export const runParamsSchema = z.strictObject({
  test_date: dateSchema,
});

/** Named parts of the OpenAPI description. */
export const COMPONENTS = {
  Backlog: backlogSchema,
  Outcomes: outcomesSchema,
  RunItem: runItemSchema,
  RunList: runListSchema,
  RunCounts: runCountsSchema,
  Run: runSchema,
  QueueStatus: queueStatusSchema,
  QueueStats: queueStatsSchema,
} as const;
