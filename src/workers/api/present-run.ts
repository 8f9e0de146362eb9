import { WORKFLOW_TYPES } from '../../pipelines/recordings/contract/names.js';
import { DISCOVERY_MODES } from '../../pipelines/recordings/contract/state-document.js';
import { RUN_STATUSES } from '../../contract/run-status.js';
import type { DiscoverySummary } from '../../pipelines/recordings/contract/workflow-results.js';
import type { ListedRun } from '../../temporal/runs/list-runs.js';
import type { RunCounts, RunItem } from './schemas.js';

/** A listed run as the API shows it. */
export function toItem({ workflow_type: type, mode, status, ...run }: ListedRun): RunItem {
  return {
    ...run,
    kind: type === WORKFLOW_TYPES.discovery ? 'discovery' : 'ingest',
    mode: oneOf(DISCOVERY_MODES, mode),
    status: oneOf(RUN_STATUSES, status),
  };
}

/** A run's counts, without the ids that its watermark stands on: they name a child's record. */
export function toCounts(summary: DiscoverySummary): RunCounts {
  return { ...summary, watermark_at: summary.watermark?.last_processed_timestamp ?? null };
}

/** Another version's word is no error. */
function oneOf<const V extends readonly string[]>(values: V, value: string | null): V[number] | null {
  return values.find((known) => known === value) ?? null;
}
