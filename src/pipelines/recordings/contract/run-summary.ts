import type { DiscoverySummary, IngestSummary } from './workflow-results.js';
import { WORKFLOW_TYPES } from './names.js';

/** Workflows whose runs people start, watch and list. */
export const RUN_TYPES: readonly string[] = [WORKFLOW_TYPES.discovery, WORKFLOW_TYPES.ingest];

/** What a run of recordings answers to `status`, and ends with. */
export type RecordingsSummary = DiscoverySummary | IngestSummary;

export const isDiscovery = (summary: RecordingsSummary): summary is DiscoverySummary =>
  'discovery' in summary;
