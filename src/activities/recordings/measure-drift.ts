import { FEATURE_NAMES } from '../../pipelines/recordings/audio/features/feature-names.js';
import type { DriftModel } from '../../pipelines/recordings/contract/drift.js';
import {
  createDriftMeter,
  type DriftMeter,
  type MeasuredFeatures,
} from '../../pipelines/recordings/model/drift-meter.js';
import type { RecordingsLogger } from '../../pipelines/recordings/log-events.js';
import type { FeatureLog } from '../../pipelines/recordings/results/feature-log.js';
import type { OrchestratorActivities } from './activity-types.js';

export interface MeasureDriftDependencies {
  /** Undefined where features are not kept. */
  featureLog: Pick<FeatureLog, 'read'> | undefined;
  log: RecordingsLogger;
}

const NOTHING: MeasuredFeatures = { features: 0, drifted: 0, most_drifted: [] };

/**
 * At the end of a run: the date's recordings against the training of the model that scored last. The statistics come
 * with the features, from whoever scored them: a model's folder may hold another version by now, or one that every
 * worker has refused.
 */
export function createMeasureDriftActivity({
  featureLog,
  log,
}: MeasureDriftDependencies): Pick<OrchestratorActivities, 'measureDrift'> {
  return {
    async measureDrift(key) {
      if (featureLog === undefined) return null;
      const scoredBy = new Map<string, DriftModel>();
      let meter: DriftMeter | undefined;
      const { notComparable } = await featureLog.read(key, (features, { name, version, training }) => {
        // The latest comes first, so the first that is read is of the model in use.
        meter ??= createDriftMeter(training, FEATURE_NAMES);
        meter.add(features);
        const model = scoredBy.get(`${name} ${version}`);
        if (model !== undefined) model.recordings++;
        else scoredBy.set(`${name} ${version}`, { model_name: name, model_version: version, recordings: 1 });
      });
      const models = [...scoredBy.values()];
      const report = {
        model_name: models[0]?.model_name ?? null,
        model_version: models[0]?.model_version ?? null,
        recordings: models.reduce((sum, { recordings }) => sum + recordings, 0),
        scored_by: models,
        not_comparable: notComparable,
        ...(meter?.report() ?? NOTHING),
      };
      log.info('drift_measured', {
        ...key,
        recordings: report.recordings,
        scored_by: models,
        drifted: report.drifted,
        furthest: report.most_drifted[0],
      });
      return report;
    },
  };
}
