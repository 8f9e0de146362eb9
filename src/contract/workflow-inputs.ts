import { z } from 'zod';
import { testDateSchema } from './dates.js';
import { LIMIT_BOUNDS } from './limits.js';
import { preview, printable } from '../platform/text/printable.js';
import { discoveryModeSchema } from '../pipelines/recordings/contract/state-document.js';
import { TEXT_LIMITS, describeExcess } from './text-limits.js';

const queueUrl = z.url().max(TEXT_LIMITS.queue_url);

/** Control characters and broken pairs are in no name, and Postgres takes no NUL. */
const subjectName = z
  .string()
  .min(1)
  .max(TEXT_LIMITS.subject_name)
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
  test_date: testDateSchema,
  mode: discoveryModeSchema.optional(),
  subject_name: subjectName.optional(),
  /** A queue of this date's own; must be `SQS_QUEUE_URL` or in `SQS_ALLOWED_QUEUE_URLS`. */
  queue_url: queueUrl.optional(),
  /** False: end once everything is sent, without waiting for the queue to empty. */
  await_queue: z.boolean().optional(),
  /** Continue as new after so many history events; unset leaves it to the server's suggestion. */
  history_event_limit: z.int().min(50).max(50_000).optional(),
});
export type DiscoveryInput = z.infer<typeof discoveryInputSchema>;

/** Input of `ingestWorkflow`: a queue that others fill. */
export const ingestInputSchema = z.strictObject({
  queue_url: queueUrl.optional(),
  max_concurrency: limitsSchema.shape.max_concurrency,
  batch_size: limitsSchema.shape.batch_size,
  /** True: end when the queue is empty; false (default): wait for more until drained. */
  until_empty: z.boolean().optional(),
  history_event_limit: z.int().min(50).max(50_000).optional(),
});
export type IngestInput = z.infer<typeof ingestInputSchema>;

/** Input of `inferenceWorkflow`: one batch of one queue. */
export const inferenceInputSchema = z.strictObject({
  queue_url: queueUrl,
  batch_size: limitsSchema.shape.batch_size.unwrap(),
});
export type InferenceInput = z.infer<typeof inferenceInputSchema>;

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

/** A person mends a few faults at a time. */
const ISSUES_SHOWN = 10;

/**
 * The ways in which a value misses a schema, as one line a person can act on: however large or odd the value is,
 * ten faults at the most, each with a bounded and printable preview of what was got.
 *
 * @returns undefined when the value fits
 */
export function describeMismatch(schema: z.ZodType, value: unknown): string | undefined {
  const excess = describeExcess(value);
  if (excess !== undefined) return `input: ${excess} (got ${preview(value)})`;
  const parsed = schema.safeParse(value);
  if (parsed.success) return undefined;
  const { issues } = parsed.error;
  const shown = issues.slice(0, ISSUES_SHOWN).map((issue) => {
    const path = printable(issue.path.map(String).join('.'));
    return `${path === '' ? 'input' : path}: ${describeIssue(issue, value)}`;
  });
  const more = issues.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.slice(0, ISSUES_SHOWN).map((name) => preview(name, 60));
    const more = issue.keys.length - names.length;
    return `no such field: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  }
  return `${printable(issue.message, 300)} (got ${preview(valueAt(value, issue.path), 60)})`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}
