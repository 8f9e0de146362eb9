import { z } from 'zod';
import { calendarDateSchema } from '../../../contract/dates.js';
import { RUN_STATUSES } from '../../../contract/run-status.js';
import { watermarkSchema } from './watermark.js';

export const DISCOVERY_MODES = ['one_time', 'backfill', 'incremental'] as const;
export const discoveryModeSchema = z.enum(DISCOVERY_MODES);
export type DiscoveryMode = z.infer<typeof discoveryModeSchema>;

export const STATE_STAGE = 'enqueue';

/** Running totals of one discovery. */
export const discoveryStatsSchema = z.object({
  pages: z.number().int(),
  /** Candidate rows read. */
  discovered: z.number().int(),
  enqueued: z.number().int(),
  /** Left out since their result existed already. */
  existing: z.number().int(),
  /** Of `enqueued`: found behind the watermark by the look-back. */
  late: z.number().int(),
  /** Candidates that cannot be queued, by reason; absent from runs that an older worker began. */
  source_row_unusable: z.record(z.string(), z.number().int()).optional(),
  /** Rows that seem meant for the run and are no candidates, by reason, as last counted; absent before. */
  rows_passed_over: z.record(z.string(), z.number().int()).optional(),
});
export type DiscoveryStats = z.infer<typeof discoveryStatsSchema>;

/** One document per source collection and test date: the durable mirror of a discovery's progress. */
export const stateDocumentSchema = z.object({
  _id: z.string(),
  pipeline_name: z.string(),
  stage: z.literal(STATE_STAGE),
  source_collection: z.string(),
  test_date: calendarDateSchema,
  mode: discoveryModeSchema,
  status: z.enum(RUN_STATUSES),
  watermark: watermarkSchema.nullable(),
  stats: discoveryStatsSchema,
  last_run: z.object({
    workflow_id: z.string(),
    run_id: z.string(),
    started_at: z.date(),
    finished_at: z.date().nullable(),
  }),
  created_at: z.date(),
  updated_at: z.date(),
});
export type StateDocument = z.infer<typeof stateDocumentSchema>;

export function stateDocumentId(sourceCollection: string, testDate: string): string {
  return `audio_anomaly:${STATE_STAGE}:${sourceCollection}:${testDate}`;
}
