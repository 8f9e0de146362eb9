import type { RunStatus } from '../../../contract/run-status.js';
import type { Priority } from './priority.js';
import type { AlreadyDone, ExportResult } from './result.js';

/** What a job is at. */
export type JobStage = 'checking' | 'waiting_for_export' | 'working' | 'ending' | 'ended';

/** Answer of the query `status` of `exportJobWorkflow`. */
export interface ExportJobStatus {
  status: RunStatus;
  stage: JobStage;
  source: string;
  export_id: string;
  attempt: number;
  priority: Priority;
  correlation_id: string;
  /** True while its source is paused, or it is. */
  paused: boolean;
  files: {
    listed: number;
    /** Whether these are all there are. */
    all_listed: boolean;
    /** Sent as a task, or settled by an earlier attempt. */
    dispatched: number;
    settled: number;
  };
  /** Tasks that are out: sent, and not settled. */
  tasks: { outstanding: number; undispatched: number; sent_again: number };
  /** Times that the fragments were looked at. */
  looks: number;
  started_at: string;
  updated_at: string;
  /** Once it has ended. */
  result?: ExportResult | AlreadyDone;
}
