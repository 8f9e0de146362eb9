import type { ReasonCounts } from '../../contract/reason-counts.js';
import type { RunStatus } from '../../contract/run-status.js';
import type { DriftReport } from '../../pipelines/recordings/contract/drift.js';
import type { RunLimits } from '../../pipelines/recordings/contract/limits.js';
import type { Outcome } from '../../pipelines/recordings/contract/outcome.js';
import type { DiscoveryMode, DiscoveryStats } from '../../pipelines/recordings/contract/state-document.js';
import type { Watermark } from '../../pipelines/recordings/contract/watermark.js';
import type { DiscoveryInput } from '../../pipelines/recordings/contract/workflow-inputs.js';
import type {
  BacklogActivities,
  BatchIdentity,
  HostActivities,
  JoinedReport,
  ProcessedReport,
  StageReport,
} from '../shared/activity-types.js';

/** What a discovery is to do: its checked input, completed from the settings and the stored state. */
export interface DiscoveryPlan {
  source_collection: string;
  test_date: string;
  subject_name: string;
  mode: DiscoveryMode;
  queue_url: string;
  await_queue: boolean;
  lookback_seconds: number;
  /** Between the two measurements that must both find the queue empty. */
  empty_confirm_seconds: number;
  limits: RunLimits;
  /** Where to go on from; null is the start. */
  watermark: Watermark | null;
  history_event_limit: number | null;
}

export interface IngestPlan {
  queue_url: string;
  empty_confirm_seconds: number;
  max_concurrency: number | null;
  batch_size: number;
  until_empty: boolean;
  history_event_limit: number | null;
}

/** One page to read and send, named without personal data. */
export interface DiscoverPageInput {
  source_collection: string;
  test_date: string;
  subject_name: string;
  mode: DiscoveryMode;
  queue_url: string;
  after: Watermark | null;
  limit: number;
  read_hint?: string | undefined;
  /** Whether to count what of the date is passed over: with this page, or if it turns out to be the last there is. */
  count_rows?: 'now' | 'when_exhausted' | undefined;
}

export interface DiscoverPageResult {
  /** Stands on the page's last row, which is in SQS; unchanged when the page was empty. */
  watermark: Watermark | null;
  discovered: number;
  enqueued: number;
  existing: number;
  exhausted: boolean;
  read_hint?: string | undefined;
  /** Candidates that the page passed without sending them, by reason; absent from workers of an older version. */
  source_row_unusable?: ReasonCounts;
  /**
   * All rows of the date that seem meant for the run and are no candidates, by reason; absent where they were not
   * counted.
   */
  rows_passed_over?: ReasonCounts | undefined;
}

export interface DiscoverLateInput extends Omit<DiscoverPageInput, 'after' | 'read_hint' | 'count_rows'> {
  watermark: Watermark;
  lookback_seconds: number;
}

export interface DiscoverLateResult {
  enqueued: number;
  source_row_unusable?: ReasonCounts;
}

export interface SaveStateInput {
  source_collection: string;
  test_date: string;
  mode: DiscoveryMode;
  status: RunStatus;
  watermark: Watermark | null;
  stats: DiscoveryStats;
  started_at: string;
  /** True for the first write of a run that ignores the stored watermark: the only one that may move it back. */
  starts_anew: boolean;
  finished: boolean;
}

export interface MeasureDriftInput {
  source_collection: string;
  test_date: string;
}

/** Runs where the workflows run: small, never on Spot. */
export interface OrchestratorActivities extends BacklogActivities {
  /** @throws ApplicationFailure of type `InvalidInput`, with one readable line, when the input cannot be used */
  prepareDiscovery(input: unknown): Promise<DiscoveryPlan>;
  prepareIngest(input: unknown): Promise<IngestPlan>;
  /** The input of the scheduled discovery and the workflow id it runs under. */
  prepareNight(
    input: unknown,
    scheduledStartTime: string,
  ): Promise<{ workflow_id: string; input: DiscoveryInput }>;
  discoverPage(input: DiscoverPageInput): Promise<DiscoverPageResult>;
  discoverLate(input: DiscoverLateInput): Promise<DiscoverLateResult>;
  saveState(input: SaveStateInput): Promise<void>;
  /** How the date's recordings differ from the model's training; null where features are not kept. */
  measureDrift(input: MeasureDriftInput): Promise<DriftReport | null>;
}

/** The stages of one batch, on the task queue of the one process that holds it. Each is safe to run twice. */
export interface RecordingHostActivities extends HostActivities<Outcome> {
  /** All of these stages and {@link HostActivities.acknowledge} in one: an activity each would cost as much as eight recordings' part of Temporal. */
  processBatch(batch: BatchIdentity): Promise<ProcessedReport<Outcome>>;
  /** The first four of these stages in one: none of them writes anything that outlives the process. */
  scoreBatch(batch: BatchIdentity): Promise<JoinedReport>;
  screenBatch(batch: BatchIdentity): Promise<StageReport>;
  downloadAudio(batch: BatchIdentity): Promise<StageReport>;
  extractFeatures(batch: BatchIdentity): Promise<StageReport>;
  runInference(batch: BatchIdentity): Promise<StageReport>;
  upsertResults(batch: BatchIdentity): Promise<StageReport>;
}
