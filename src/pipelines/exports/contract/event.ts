import { encodeExportId, type JobRef } from './job-ref.js';
import type { JobState } from './result.js';

/** What the world is told of an export; the `type` of a webhook. */
export const EVENT_TYPES: Readonly<Record<JobState, string>> = {
  succeeded: 'export.completed',
  partial: 'export.completed',
  failed: 'export.failed',
  cancelled: 'export.cancelled',
};

/** Input of `exportEventWorkflow`, whose workflow id is `eventWorkflowId`: one attempt at an export, which has ended. */
export interface ExportEventInput extends JobRef {
  /** 1 is the first. */
  attempt: number;
}

export function eventWorkflowId({ source, export_id: exportId, attempt }: ExportEventInput): string {
  return `export-event:${source}:${encodeExportId(exportId)}:${attempt}`;
}
