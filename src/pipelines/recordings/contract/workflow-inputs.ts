import { z } from 'zod';
import { queueUrlSchema } from '../../../contract/batch-input.js';
import { calendarDateSchema } from '../../../contract/dates.js';
import { TEXT_LIMITS } from '../../../contract/text-limits.js';
import { LIMIT_BOUNDS } from './limits.js';
import { discoveryModeSchema } from './state-document.js';
import { RECORDING_TEXT_LIMITS } from './text-limits.js';

/** Control characters and broken pairs are in no name, and Postgres takes no NUL. */
const subjectName = z
  .string()
  .min(1)
  .max(RECORDING_TEXT_LIMITS.subject_name)
  .refine((name) => !/[\p{Cc}\p{Cs}]/u.test(name), { error: 'expected a name without control characters' });

const within = ({ min, max }: { min: number; max: number }) => z.int().min(min).max(max).optional();

/** Limits that a run starts with and that `set_limits` may change while it runs. */
export const limitsSchema = z.strictObject({
  /** Batches at once in each inference process. */
  max_concurrency: within(LIMIT_BOUNDS.max_concurrency),
  /** Messages this run sends at the most. */
  max_records: within(LIMIT_BOUNDS.max_records),
  /** Rows a discovery page. */
  discovery_batch_size: within(LIMIT_BOUNDS.discovery_batch_size),
  /** Recordings a batch. */
  batch_size: within(LIMIT_BOUNDS.batch_size),
  /** Sleep of an incremental run when nothing is new. */
  poll_interval_seconds: within(LIMIT_BOUNDS.poll_interval_seconds),
});

/** Input of `discoveryWorkflow`: one test date; everything else defaults to the worker's settings. */
export const discoveryInputSchema = limitsSchema.extend({
  test_date: calendarDateSchema,
  mode: discoveryModeSchema.optional(),
  subject_name: subjectName.optional(),
  /** A queue of this date's own; must be `SQS_QUEUE_URL` or in `SQS_ALLOWED_QUEUE_URLS`. */
  queue_url: queueUrlSchema.optional(),
  /** False: end once everything is sent, without waiting for the queue to empty. */
  await_queue: z.boolean().optional(),
  /** Continue as new after so many history events; unset leaves it to the server's suggestion. */
  history_event_limit: z.int().min(50).max(50_000).optional(),
});
export type DiscoveryInput = z.infer<typeof discoveryInputSchema>;

/** Input of `ingestWorkflow`: a queue that others fill. */
export const ingestInputSchema = z.strictObject({
  queue_url: queueUrlSchema.optional(),
  max_concurrency: limitsSchema.shape.max_concurrency,
  batch_size: limitsSchema.shape.batch_size,
  /** True: end when the queue is empty; false (default): wait for more until drained. */
  until_empty: z.boolean().optional(),
  history_event_limit: z.int().min(50).max(50_000).optional(),
});
export type IngestInput = z.infer<typeof ingestInputSchema>;

/** Input of `nightlyWorkflow`: what a Schedule starts. */
export const nightlyInputSchema = z.strictObject({
  /** IANA name; the scheduled instant's calendar date there is the test date. */
  time_zone: z.string().max(TEXT_LIMITS.time_zone).optional(),
  /** Days from the scheduled date to the test date: -1 is the day before. */
  day_offset: z.int().min(-365).max(365).optional(),
  /** Handed on to the discovery. */
  discovery: discoveryInputSchema.omit({ test_date: true }).optional(),
});
export type NightlyInput = z.infer<typeof nightlyInputSchema>;
