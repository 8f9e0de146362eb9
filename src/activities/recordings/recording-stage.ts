import type { Logger } from '../../platform/logging/logger.js';
import type { BatchIdentity, StageReport } from '../shared/activity-types.js';
import type { BatchStore } from '../shared/batch-store.js';
import { runStage, type StageScope } from '../shared/stage.js';
import { isWorkable, type RecordingBatch, type RecordingDelivery } from './recording-delivery.js';

export interface StageDependencies {
  store: BatchStore<RecordingDelivery>;
  log: Logger;
}

interface RecordingScope extends StageScope<RecordingDelivery> {
  batch: RecordingBatch;
}

/** As {@link runStage}, of a batch of recordings: those that wait for a twin are not left to do. */
export function recordingStage(
  { store, log }: StageDependencies,
  identity: BatchIdentity,
  stage: (scope: RecordingScope) => Promise<void>,
): Promise<StageReport> {
  return runStage(store, log, identity, stage, isWorkable);
}
