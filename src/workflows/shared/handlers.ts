import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { HANDLERS } from '../../contract/names.js';
import type {
  DiscoverySummary,
  IngestSummary,
} from '../../pipelines/recordings/contract/workflow-results.js';
import type { RunLimits, LimitChanges } from '../../pipelines/recordings/contract/limits.js';

/** Where a run stands. */
export const statusQuery = defineQuery<DiscoverySummary | IngestSummary>(HANDLERS.status);
/** Start nothing new until `resume`; what runs finishes. */
export const pauseSignal = defineSignal(HANDLERS.pause);
export const resumeSignal = defineSignal(HANDLERS.resume);
/** Start nothing new, finish what runs, end as `stopped`; what waits in SQS stays there. */
export const drainSignal = defineSignal(HANDLERS.drain);
/** Changes limits of the running workflow; answers with the limits now in force. */
export const setLimitsUpdate = defineUpdate<RunLimits, [LimitChanges]>(HANDLERS.setLimits);
