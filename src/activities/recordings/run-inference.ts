import type {
  AudioEngine,
  ExtractedAudio,
  ModelName,
} from '../../pipelines/recordings/audio/audio-engine.js';
import type { Inference } from '../../pipelines/recordings/contract/result-document.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { HostActivities } from '../shared/activity-types.js';
import { undecided, type BatchItem } from '../shared/batch.js';
import type { BatchStore } from '../shared/batch-store.js';
import { runStage } from '../shared/stage.js';

export interface RunInferenceDependencies {
  store: BatchStore;
  engine: Pick<AudioEngine, 'score'>;
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
        log.info('inference_batch_started', { items: waiting.length });
        const started = performance.now();
        const startedAtMs = Date.now();
        const scores = await deps.engine.score(
          waiting.map((item) => item.extracted.features),
          signal,
        );
        signal.throwIfAborted();
        const batchMs = Math.round(performance.now() - started);
        waiting.forEach((item, index) => {
          const scored = scores[index];
          if (scored === undefined) return;
          Object.assign(item, {
            inference: scored.inference,
            ...(scored.shadow && { inferenceShadow: scored.shadow }),
          });
          item.timingsMs['inference'] = batchMs;
          item.trace?.stage('score', startedAtMs, Date.now());
        });
        log.info('inference_batch_completed', {
          items: waiting.length,
          model: modelOf(scores[0]?.inference),
          anomalies: scores.filter(({ inference }) => inference.is_anomaly).length,
          milliseconds: batchMs,
        });
      }),
  };
}

/** As the scores say it: a new version may have come into use since the batch was sent to be scored. */
function modelOf(inference: Inference | undefined): ModelName | undefined {
  return inference && { name: inference.model_name, version: inference.model_version };
}

function isExtracted(item: BatchItem): item is BatchItem & { extracted: ExtractedAudio } {
  return item.extracted !== undefined;
}
