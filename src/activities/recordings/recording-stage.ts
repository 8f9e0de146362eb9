import type { RecordingsLogEvent, RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { BaseLogEvent } from '../../platform/logging/log-event.js';
import type { BatchIdentity, StageReport } from '../shared/activity-types.js';
import type { BatchStore } from '../shared/batch-store.js';
import { runStage, type StageScope } from '../shared/stage.js';
import { isWorkable, type RecordingBatch, type RecordingDelivery } from './recording-delivery.js';

export interface StageDependencies {
  store: BatchStore<RecordingDelivery>;
  log: RecordingsLogger;
}

interface RecordingScope extends StageScope<RecordingDelivery, BaseLogEvent | RecordingsLogEvent> {
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
