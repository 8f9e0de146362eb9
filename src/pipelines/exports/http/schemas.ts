import { z } from 'zod';
import { nextCursorSchema, pageQuery } from '../../../platform/http/page-query.js';
import { exportIdSchema, sourceSchema } from '../contract/messages.js';
import { JOB_REASONS } from '../contract/reasons.js';
import { JOB_STATES } from '../contract/result.js';

/**
 * What the HTTP API answers of exports. Answers pass through these schemas, which drop what they do not name: a link or the
 * name of an entry does not leave by this door.
 */

const count = z.int().min(0);
const instant = z.iso.datetime();
const stateSchema = z.string().meta({
  description: `While it runs its stage or "paused"; then ${JOB_STATES.join(', ')}, already_done, or what cut it short.`,
});
const reasons = z.record(z.string(), count).meta({ description: 'Rejected entries by reason.' });

const jobShape = {
  source: z.string(),
  export_id: z.string(),
  workflow_id: z.string(),
  state: stateSchema,
};

export const jobItemSchema = z.object({
  ...jobShape,
  run_id: z.string(),
  started_at: instant,
  closed_at: instant.nullable(),
});

export const jobListSchema = z.object({
  exports: z.array(jobItemSchema).meta({ description: 'The latest first.' }),
  next_cursor: nextCursorSchema,
});
export type JobList = z.infer<typeof jobListSchema>;

const resultSchema = z.object({
  attempt: count,
  correlation_id: z.string(),
  state: z.enum(JOB_STATES),
  reason: z.enum(JOB_REASONS).optional(),
  started_at: instant,
  finished_at: instant,
  files: z.object({ listed: count, settled: count, failed: count }),
  entries: z.object({
    seen: count,
    matched: count,
    uploaded: count,
    skipped_equal: count,
    rejected: count,
    missing: count,
  }),
  bytes: z.object({ zip_total: count, downloaded: count, inflated: count, uploaded: count }),
  rejected_by_reason: reasons,
  manifest_key: z.string(),
  rejects_key: z.string(),
  missing_key: z.string(),
});

const progressSchema = z.object({
  stage: z.string(),
  attempt: count,
  priority: z.string(),
  correlation_id: z.string(),
  paused: z.boolean(),
  files: z.object({ listed: count, all_listed: z.boolean(), dispatched: count, settled: count }),
  tasks: z.object({ outstanding: count, undispatched: count, sent_again: count }),
  started_at: instant,
  updated_at: instant,
});

export const jobSchema = z.object({
  ...jobShape,
  run: z
    .object({
      run_id: z.string(),
      state: z.string(),
      started_at: instant,
      closed_at: instant.nullable(),
    })
    .nullable()
    .meta({ description: 'What Temporal says of the latest run; null once it has forgotten it.' }),
  status: progressSchema.nullable().meta({ description: 'How far it is, while it runs.' }),
  result: resultSchema
    .nullable()
    .meta({ description: 'What became of it when it last ended, also while another attempt runs.' }),
  missing: z
    .string()
    .nullable()
    .meta({ description: 'Why there is no status: no worker answered, or how the run failed.' }),
});

export const jobListQuerySchema = z.strictObject({
  state: z
    .enum(['running', ...JOB_STATES, 'already_done'])
    .optional()
    .meta({ description: 'Jobs of this state only.' }),
  source: sourceSchema.optional().meta({ description: 'Exports of this source only.' }),
  since: instant.optional().meta({ description: 'Jobs that started since only.' }),
  ...pageQuery('Jobs'),
});
export type JobListQuery = z.infer<typeof jobListQuerySchema>;

export const jobParamsSchema = z.strictObject({ source: sourceSchema, id: exportIdSchema });
export type JobParams = z.infer<typeof jobParamsSchema>;

/** Named parts of the OpenAPI description. */
export const COMPONENTS = {
  ExportItem: jobItemSchema,
  ExportList: jobListSchema,
  ExportJob: jobSchema,
} as const;
