import type { AudioEngine, ExtractedAudio } from '../../audio/audio-engine.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { HostActivities } from '../activity-types.js';
import { undecided, type BatchItem } from './batch.js';
import type { BatchStore } from './batch-store.js';
import { runStage } from './stage.js';

export interface RunInferenceDependencies {
  store: BatchStore;
  engine: Pick<AudioEngine, 'score' | 'model'>;
  log: Logger;
}

/** Scores the batch in one call of the model; a failure here is the whole batch's. */
export function createRunInferenceActivity(
  deps: RunInferenceDependencies,
): Pick<HostActivities, 'runInference'> {
  return {
    runInference: (identity) =>
      runStage(deps.store, deps.log, identity, async ({ batch, log, signal }) => {
        const waiting = undecided(batch).filter(isExtracted);
        if (waiting.length === 0) return;
        log.info('inference_batch_started', { items: waiting.length, model: deps.engine.model });
        const started = performance.now();
        const scores = await deps.engine.score(
          waiting.map((item) => item.extracted.features),
          signal,
        );
        const batchMs = Math.round(performance.now() - started);
        waiting.forEach((item, index) => {
          const scored = scores[index];
          if (scored === undefined) return;
          Object.assign(item, {
            inference: scored.inference,
            ...(scored.shadow && { inferenceShadow: scored.shadow }),
          });
          item.timingsMs['inference'] = batchMs;
        });
        log.info('inference_batch_completed', {
          items: waiting.length,
          anomalies: scores.filter(({ inference }) => inference.is_anomaly).length,
          milliseconds: batchMs,
        });
      }),
  };
}

function isExtracted(item: BatchItem): item is BatchItem & { extracted: ExtractedAudio } {
  return item.extracted !== undefined;
}
