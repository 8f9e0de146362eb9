import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type {
  DiscoverPageInput,
  DiscoverPageResult,
  DiscoveryPlan,
} from '../../activities/recordings/activity-types.js';
import { queueName } from '../../platform/text/queue-name.js';
import { addReasons } from '../../contract/reason-counts.js';
import type { DiscoveryStats } from '../../pipelines/recordings/contract/state-document.js';
import { noOutcomes, type Outcome } from '../../pipelines/recordings/contract/outcome.js';
import type { RunStatus } from '../../contract/run-status.js';
import type { Watermark } from '../../pipelines/recordings/contract/watermark.js';
import type { DiscoverySummary } from '../../pipelines/recordings/contract/workflow-results.js';
import { SEARCH_ATTRIBUTES } from '../../pipelines/recordings/contract/search-attributes.js';
import { describeDiscovery } from './details.js';
import { newDispatchState, type DispatchState } from '../shared/dispatch.js';
import type { RunControls } from '../shared/run-controls.js';

/** What a run is and has done so far: all of it crosses continue-as-new. */
export interface CarriedRun extends RunControls {
  plan: DiscoveryPlan;
  watermark: Watermark | null;
  read_hint: string | undefined;
  stats: DiscoveryStats;
  source_exhausted: boolean;
  /** False until the first state document of the run is written. */
  state_saved: boolean;
  dispatch: DispatchState<Outcome>;
  /** Set when the run ends. */
  drift: DiscoverySummary['drift'];
  started_at: string;
  /** When the date's rows were last asked to be counted; absent before, and in runs that an older worker began. */
  rows_counted_at?: string | undefined;
}

/** What `status` answers and, in the end, the result. */
export function summarize(run: CarriedRun, status: RunStatus, lanes: number): DiscoverySummary {
  const { plan } = run;
  return {
    test_date: plan.test_date,
    source_collection: plan.source_collection,
    mode: plan.mode,
    status,
    queue_url: plan.queue_url,
    discovery: run.stats,
    watermark: run.watermark,
    source_exhausted: run.source_exhausted,
    lanes,
    limits: plan.limits,
    backlog: run.dispatch.backlog,
    ...run.dispatch.stats,
    drift: run.drift,
    started_at: run.started_at,
    updated_at: new Date().toISOString(),
  };
}

/** Puts the run's state where the Web UI shows and filters by it. */
export function announce(summary: DiscoverySummary): void {
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.testDate, value: summary.test_date },
    { key: SEARCH_ATTRIBUTES.sourceCollection, value: summary.source_collection },
    { key: SEARCH_ATTRIBUTES.mode, value: summary.mode },
    { key: SEARCH_ATTRIBUTES.queue, value: queueName(summary.queue_url) },
    { key: SEARCH_ATTRIBUTES.status, value: summary.status },
  ]);
  setCurrentDetails(describeDiscovery(summary));
}

export function newRun(plan: DiscoveryPlan): CarriedRun {
  return {
    plan,
    watermark: plan.watermark,
    read_hint: undefined,
    stats: { pages: 0, discovered: 0, enqueued: 0, existing: 0, late: 0, source_row_unusable: {} },
    source_exhausted: false,
    state_saved: false,
    dispatch: newDispatchState(noOutcomes()),
    drift: null,
    started_at: new Date().toISOString(),
    paused: false,
    draining: false,
  };
}

export function applyPage(run: CarriedRun, page: DiscoverPageResult): void {
  run.watermark = page.watermark;
  run.read_hint = page.read_hint;
  run.source_exhausted = page.exhausted;
  run.stats.pages++;
  run.stats.discovered += page.discovered;
  run.stats.enqueued += page.enqueued;
  run.stats.existing += page.existing;
  addUnusable(run, page);
  if (page.rows_passed_over !== undefined) run.stats.rows_passed_over = page.rows_passed_over;
}

/** Counting reads all documents of the date in the server, so an incremental run does it once in a while. */
const COUNT_AGAIN_AFTER_MS = 3_600_000;

/**
 * When the next page is to count the rows that are passed over: at the end, or at once where the run may end before
 * the date does.
 */
export function countRowsWith({ plan, rows_counted_at: at }: CarriedRun): DiscoverPageInput['count_rows'] {
  const isDue = at === undefined || Date.now() - Date.parse(at) >= COUNT_AGAIN_AFTER_MS;
  if (!isDue) return undefined;
  return plan.limits.max_records === null ? 'when_exhausted' : 'now';
}

export function addUnusable(run: CarriedRun, found: Pick<DiscoverPageResult, 'source_row_unusable'>): void {
  run.stats.source_row_unusable = addReasons(run.stats.source_row_unusable ?? {}, found.source_row_unusable);
}
