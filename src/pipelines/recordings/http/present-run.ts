import { WORKFLOW_TYPES } from '../contract/names.js';
import { DISCOVERY_MODES } from '../contract/state-document.js';
import { RUN_STATUSES } from '../../../contract/run-status.js';
import type { DiscoverySummary } from '../contract/workflow-results.js';
import type { ListedRun } from '../../../temporal/runs/list-runs.js';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.js';
import type { RunCounts, RunItem } from './schemas.js';

/** A listed run as the API shows it. */
export function toItem({ workflow_type: type, attributes, ...run }: ListedRun): RunItem {
  const { testDate, sourceCollection, mode, queue, status } = SEARCH_ATTRIBUTES;
  return {
    ...run,
    kind: type === WORKFLOW_TYPES.discovery ? 'discovery' : 'ingest',
    test_date: attributes[testDate.name] ?? null,
    source_collection: attributes[sourceCollection.name] ?? null,
    mode: oneOf(DISCOVERY_MODES, attributes[mode.name]),
    queue: attributes[queue.name] ?? null,
    status: oneOf(RUN_STATUSES, attributes[status.name]),
  };
}

/** A run's counts, without the ids that its watermark stands on: they name a child's record. */
export function toCounts(summary: DiscoverySummary): RunCounts {
  return { ...summary, watermark_at: summary.watermark?.last_processed_timestamp ?? null };
}

/** Another version's word is no error. */
function oneOf<const V extends readonly string[]>(values: V, value: string | undefined): V[number] | null {
  return values.find((known) => known === value) ?? null;
}
