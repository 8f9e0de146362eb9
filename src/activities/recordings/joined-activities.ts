import { Context } from '@temporalio/activity';
import type { Outcome } from '../../pipelines/recordings/contract/outcome.js';
import type { ActivityAttempt } from '../shared/activity-boundary.js';
import type { AcknowledgeReport, BatchIdentity } from '../shared/activity-types.js';
import { batchGone, type BatchStore } from '../shared/batch-store.js';
import { joinStages, type JoinedStage } from '../shared/joined-stages.js';
import type { RecordingHostActivities } from './activity-types.js';
import type { RecordingDelivery } from './recording-delivery.js';

type Scoring = 'screenBatch' | 'downloadAudio' | 'extractFeatures' | 'runInference';
type Stages = Pick<RecordingHostActivities, Scoring | 'upsertResults' | 'acknowledge'>;

/** As the workflow allows each by itself. */
const MOST_MINUTES = {
  screenBatch: 15,
  downloadAudio: 60,
  extractFeatures: 60,
  runInference: 15,
  upsertResults: 15,
  acknowledge: 15,
} as const satisfies Record<keyof Stages, number>;

/**
 * The stages of a batch in one activity: all of them, and, for workflows of an older version, those before the first write alone. What they share
 * of a batch they remember together.
 */
export function createJoinedActivities(
  store: BatchStore<RecordingDelivery>,
  stages: Stages,
  onStage: (ended: ActivityAttempt) => void,
): Pick<RecordingHostActivities, 'scoreBatch' | 'processBatch'> {
  const stage = (name: string, activity: Scoring | 'upsertResults'): JoinedStage => ({
    name,
    activity,
    run: stages[activity],
    mostMinutes: MOST_MINUTES[activity],
  });
  const scoring = [
    stage('screen', 'screenBatch'),
    stage('download', 'downloadAudio'),
    stage('features', 'extractFeatures'),
    stage('inference', 'runInference'),
  ];
  const process = joinStages(
    store,
    [
      ...scoring,
      { ...stage('upsert', 'upsertResults'), always: true as const },
      {
        name: 'acknowledge',
        activity: 'acknowledge',
        mostMinutes: MOST_MINUTES.acknowledge,
        always: true as const,
        run: async (identity: BatchIdentity) => {
          await stages.acknowledge(identity);
          return { remaining: 0 };
        },
      },
    ].map(unlessCancelled),
    onStage,
  );
  return {
    scoreBatch: joinStages(store, scoring, onStage),

    async processBatch(identity) {
      // The server did not hear that an earlier attempt had finished: the answer is the same, but for the times.
      const settled = reportOf(identity.batch_id);
      if (settled !== undefined) return { ...settled, timings_ms: {} };
      const { timings_ms } = await process(identity);
      const report = reportOf(identity.batch_id);
      if (report === undefined) throw batchGone(identity.batch_id);
      return { ...report, timings_ms };
    },
  };

  // Reports come from `acknowledge` alone, so they are of this pipeline's outcomes.
  function reportOf(batchId: string): AcknowledgeReport<Outcome> | undefined {
    return store.closedReport(batchId);
  }
}

/** A batch whose workflow was told to stop is given back by it: no stage begins that would write, or delete, after that. */
function unlessCancelled(stage: JoinedStage): JoinedStage {
  return {
    ...stage,
    run: (identity) => {
      Context.current().cancellationSignal.throwIfAborted();
      return stage.run(identity);
    },
  };
}
