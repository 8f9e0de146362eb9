import { CancellationScope, rootCause } from '@temporalio/workflow';
import type { DriftReport, DriftUnavailable } from '../../pipelines/recordings/contract/drift.js';
import { driftActivities } from './recording-activities.js';

/**
 * What the date's recordings are like, or why nobody can say. Null where features are not kept. Not cancelled:
 * everything else of the run is done by then, and a run that is done has not been stopped.
 */
export async function driftOf(
  sourceCollection: string,
  testDate: string,
): Promise<DriftReport | DriftUnavailable | null> {
  try {
    return await CancellationScope.nonCancellable(() =>
      driftActivities.measureDrift({ source_collection: sourceCollection, test_date: testDate }),
    );
  } catch (error) {
    return { unavailable: rootCause(error) ?? String(error) };
  }
}
