import { CancellationScope, rootCause } from '@temporalio/workflow';
import type { OrchestratorActivities } from '../../activities/recordings/activity-types.js';
import type { DriftReport, DriftUnavailable } from '../../pipelines/recordings/contract/drift.js';
import { describedActivities } from './described-activities.js';

const { measureDrift } = describedActivities<OrchestratorActivities>({
  // Reads half a kilobyte of every recording of the date: a second for ten thousand.
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  // A report for people: it must not keep a run open whose recordings are all scored.
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 5 },
});

/**
 * What the date's recordings are like, or why nobody can say. Null where features are not kept. Not cancelled: everything else of the
 * run is done by then, and a run that is done has not been stopped.
 */
export async function driftOf(
  sourceCollection: string,
  testDate: string,
): Promise<DriftReport | DriftUnavailable | null> {
  try {
    return await CancellationScope.nonCancellable(() =>
      measureDrift({ source_collection: sourceCollection, test_date: testDate }),
    );
  } catch (error) {
    return { unavailable: rootCause(error) ?? String(error) };
  }
}
