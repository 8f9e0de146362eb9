import type { AudioEngine, ModelName } from '../../pipelines/recordings/audio/audio-engine.js';
import type { Inference } from '../../pipelines/recordings/contract/result-document.js';
import type { RecordingHostActivities } from './activity-types.js';
import { isAt, reach, workable } from './recording-delivery.js';
import { recordingStage, type StageDependencies } from './recording-stage.js';

export interface RunInferenceDependencies extends StageDependencies {
  engine: Pick<AudioEngine, 'score'>;
}

/** Scores the batch in one call of the model; a failure here is the whole batch's. */
export function createRunInferenceActivity(
  deps: RunInferenceDependencies,
): Pick<RecordingHostActivities, 'runInference'> {
  return {
    runInference: (identity) =>
      recordingStage(deps, identity, async ({ batch, log, signal }) => {
        const waiting = workable(batch).filter(isAt('extracted'));
        if (waiting.length === 0) return;
        log.info('inference_batch_started', { items: waiting.length });
        const started = performance.now();
        const startedAtMs = Date.now();
        const scores = await deps.engine.score(
          waiting.map((item) => item.reached.extracted.features),
          signal,
        );
        signal.throwIfAborted();
        const batchMs = Math.round(performance.now() - started);
        waiting.forEach((item, index) => {
          const scored = scores[index];
          if (scored === undefined) return;
          const { inference, shadow } = scored;
          reach(item, { stage: 'scored', extracted: item.reached.extracted, inference, shadow });
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
