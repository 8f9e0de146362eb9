import { z } from 'zod';
import { describeIssues } from '../../../contract/issues.js';
import { readInstant } from '../../../contract/instants.js';
import { TEXT_LIMITS } from '../../../contract/text-limits.js';
import { DEFAULT_SOURCE, isExportId, isSource } from './job-ref.js';
import { MAX_FILES, MAX_PACK_FILES } from './limits.js';
import { PRIORITIES, type Priority } from './priority.js';

export const sourceSchema = z
  .string()
  .refine(isSource, { error: 'expected 1 to 32 lower-case letters, digits and -' });

export const exportIdSchema = z
  .string()
  .refine(isExportId, { error: 'expected 1 to 256 bytes of UTF-8 without control characters' });

export const correlationIdSchema = z
  .string()
  .min(1)
  .max(TEXT_LIMITS.trace_id)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), { error: 'expected text without control characters' });

/** As the queue has it. */
export const messageIdSchema = correlationIdSchema;

export const ordinalSchema = z
  .int()
  .min(0)
  .max(MAX_FILES - 1);

const versionSchema = z.custom<1>((value) => value === 1, {
  error: 'expected 1, the one version there is',
});

export const prioritySchema = z.custom<Priority>((value) => PRIORITIES.includes(value as Priority), {
  error: `expected one of ${PRIORITIES.join(', ')}`,
});

/** A message of `export-jobs`. */
const exportJobsSchema = z.object({
  version: versionSchema,
  export_ids: z.array(exportIdSchema).min(1).max(100),
  source: sourceSchema.default(DEFAULT_SOURCE),
  priority: prioritySchema.default('normal'),
  correlation_id: correlationIdSchema.optional(),
  /** Starts another attempt at a job that has ended with something left to do. */
  force: z.boolean().default(false),
});
export type ExportJobsMessage = z.infer<typeof exportJobsSchema>;

const taskFileSchema = z.object({
  ordinal: ordinalSchema,
  file_id: z.string().min(1).max(TEXT_LIMITS.id),
  /** In bytes, as it was listed. */
  size: z.int().min(0).optional(),
});

/** A message of `download-tasks`: a file, or a pack of small neighbours. */
const downloadTaskSchema = z
  .object({
    version: versionSchema,
    source: sourceSchema,
    export_id: exportIdSchema,
    first_ordinal: ordinalSchema,
    files: z.array(taskFileSchema).min(1).max(MAX_PACK_FILES),
    correlation_id: correlationIdSchema,
    dispatched_at: z
      .string()
      .refine((text) => readInstant(text) !== undefined, { error: 'expected an RFC 3339 time' }),
  })
  .refine(
    ({ first_ordinal: first, files }) =>
      files.every(({ ordinal }, index) => ordinal >= (index === 0 ? first : files[index - 1]!.ordinal + 1)) &&
      files[0]?.ordinal === first,
    { path: ['files'], error: 'expected ordinals that rise from first_ordinal' },
  );
export type DownloadTaskMessage = z.infer<typeof downloadTaskSchema>;

/** A message that was read, or why it cannot be: one line that quotes nothing of it. */
export type ReadMessage<T> = { message: T } | { reason: string };

export function readExportJobs(body: string): ReadMessage<ExportJobsMessage> {
  return readMessage(exportJobsSchema, body);
}

export function readDownloadTask(body: string): ReadMessage<DownloadTaskMessage> {
  return readMessage(downloadTaskSchema, body);
}

function readMessage<T>(schema: z.ZodType<T>, body: string): ReadMessage<T> {
  let value: unknown;
  try {
    // Some producers write a byte order mark in front.
    value = JSON.parse(body.replace(/^\uFEFF/, ''));
  } catch {
    return { reason: 'body: expected JSON' };
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { message: parsed.data } : { reason: describeIssues(parsed.error) };
}
