import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_RATE_HZ } from '../../audio/features/analysis.js';
import { FEATURE_NAMES } from '../../audio/features/feature-names.js';
import { createDriftMeter } from '../../model/drift-meter.js';
import { MANIFEST_FILE, parseManifest } from '../../model/manifest.js';
import { ModelInvalid } from '../../platform/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { FeatureLog } from '../../results/feature-log.js';
import type { OrchestratorActivities } from '../activity-types.js';

export interface MeasureDriftDependencies {
  /** Undefined where features are not kept. */
  featureLog: Pick<FeatureLog, 'read'> | undefined;
  /** Of the model whose training statistics are compared with; only its manifest is read. */
  modelFolder: string;
  log: Logger;
}

/** At the end of a run: the date's recordings against the model's training. */
export function createMeasureDriftActivity({
  featureLog,
  modelFolder,
  log,
}: MeasureDriftDependencies): Pick<OrchestratorActivities, 'measureDrift'> {
  return {
    async measureDrift(key) {
      if (featureLog === undefined) return null;
      const path = join(modelFolder, MANIFEST_FILE);
      const text = await readFile(path, 'utf8').catch((cause: unknown) => {
        throw new ModelInvalid(`model manifest ${path} cannot be read`, { cause });
      });
      const supply = { featureNames: FEATURE_NAMES, sampleRate: SAMPLE_RATE_HZ };
      const meter = createDriftMeter(parseManifest(text, path), supply);
      const { notComparable } = await featureLog.read(key, (features) => meter.add(features));
      const report = meter.report(notComparable);
      log.info('drift_measured', {
        ...key,
        recordings: report.recordings,
        drifted: report.drifted,
        furthest: report.most_drifted[0],
      });
      return report;
    },
  };
}
