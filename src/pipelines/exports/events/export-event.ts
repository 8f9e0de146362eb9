import { webhookId } from '../../../webhook/event.js';
import type { LoggedEvent } from '../../../webhook/webhook-log.js';
import { EVENT_TYPES, eventWorkflowId, type ExportEventInput } from '../contract/event.js';
import { encodeExportId } from '../contract/job-ref.js';
import type { ExportResult } from '../contract/result.js';

/** An object of `_events/`: what is sent of an attempt that has ended, and what became of that. */
export interface ExportEvent {
  version: 1;
  webhook_id: string;
  type: string;
  /** When the attempt ended. */
  at: string;
  job: ExportEventInput;
  data: Readonly<Record<string, unknown>>;
  status: LoggedEvent['status'];
  tries: number;
  next_try_at?: string;
  last_try?: { at: string; http_status?: number; problem?: string };
}

/** @param resultUrl where `result.json` of the attempt is */
export function eventOf(result: ExportResult, resultUrl: string, isSendable: boolean): ExportEvent {
  const { source, export_id, attempt, correlation_id, state, reason, files, entries } = result;
  const job = { source, export_id, attempt };
  return {
    version: 1,
    webhook_id: webhookId(eventWorkflowId(job)),
    type: EVENT_TYPES[state],
    at: result.finished_at,
    job,
    data: {
      ...job,
      correlation_id,
      state,
      ...(reason !== undefined && { reason }),
      files,
      entries,
      links: { export: `/api/v1/exports/${source}/${encodeExportId(export_id)}`, result: resultUrl },
    },
    status: isSendable ? 'pending' : 'unsent',
    tries: 0,
  };
}
