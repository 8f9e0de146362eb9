import { z } from 'zod';
import { testDateSchema } from './dates.js';
import { LIMIT_BOUNDS } from './limits.js';
import { discoveryModeSchema } from './state-document.js';

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
  test_date: testDateSchema,
  mode: discoveryModeSchema.optional(),
  subject_name: z.string().min(1).optional(),
  /** A queue of this date's own; must be `SQS_QUEUE_URL` or in `SQS_ALLOWED_QUEUE_URLS`. */
  queue_url: z.url().optional(),
  /** False: end once everything is sent, without waiting for the queue to empty. */
  await_queue: z.boolean().optional(),
  /** Continue as new after so many history events; unset leaves it to the server's suggestion. */
  history_event_limit: z.int().min(50).max(50_000).optional(),
});
export type DiscoveryInput = z.infer<typeof discoveryInputSchema>;

/** Input of `ingestWorkflow`: a queue that others fill. */
export const ingestInputSchema = z.strictObject({
  queue_url: z.url().optional(),
  max_concurrency: limitsSchema.shape.max_concurrency,
  batch_size: limitsSchema.shape.batch_size,
  /** True: end when the queue is empty; false (default): wait for more until drained. */
  until_empty: z.boolean().optional(),
  history_event_limit: z.int().min(50).max(50_000).optional(),
});
export type IngestInput = z.infer<typeof ingestInputSchema>;

/** Input of `inferenceWorkflow`: one batch of one queue. */
export const inferenceInputSchema = z.strictObject({
  queue_url: z.url(),
  batch_size: limitsSchema.shape.batch_size.unwrap(),
});
export type InferenceInput = z.infer<typeof inferenceInputSchema>;

/** Input of `nightlyWorkflow`: what a Schedule starts. */
export const nightlyInputSchema = z.strictObject({
  /** IANA name; the scheduled instant's calendar date there is the test date. */
  time_zone: z.string().optional(),
  /** Days from the scheduled date to the test date: -1 is the day before. */
  day_offset: z.int().min(-365).max(365).optional(),
  /** Handed on to the discovery. */
  discovery: discoveryInputSchema.omit({ test_date: true }).optional(),
});
export type NightlyInput = z.infer<typeof nightlyInputSchema>;

/**
 * Every way in which a value misses a schema, as one line a person can act on.
 *
 * @returns undefined when the value fits
 */
export function describeMismatch(schema: z.ZodType, value: unknown): string | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return undefined;
  return parsed.error.issues
    .map((issue) => {
      const path = issue.path.map(String).join('.');
      const got = issue.code === 'unrecognized_keys' ? '' : ` (got ${preview(valueAt(value, issue.path))})`;
      return `${path === '' ? 'input' : path}: ${issue.message}${got}`;
    })
    .join('; ');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** Long enough to recognise a typing error, short enough not to carry a document into a message. */
const PREVIEW_LENGTH = 60;

function preview(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > PREVIEW_LENGTH ? `${text.slice(0, PREVIEW_LENGTH)}…` : text;
}
