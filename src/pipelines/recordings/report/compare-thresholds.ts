import type { Document } from 'mongodb';
import { baseVersion } from '../model/calibration/calibrated-version.js';
import type { Aggregate } from './mongo-run-charts.js';
import type { CalibratedModel, ModelShare, ThresholdComparison } from './run-results.js';

/** How many results the thresholds before and after a calibration flag; null where none is by that model. */
export async function compareThresholds(
  aggregate: Aggregate,
  models: readonly ModelShare[],
  { name, version, threshold, calibration }: CalibratedModel,
): Promise<ThresholdComparison | null> {
  // All calibrations of the same artefacts give the same scores.
  const comparable = models.filter(
    (model) => model.name === name && baseVersion(model.version) === baseVersion(version),
  );
  if (comparable.length === 0) return null;
  const above = (limit: number): Document => ({
    $sum: { $cond: [{ $gt: ['$inference.anomaly_score', limit] }, 1, 0] },
  });
  const [counts] = await aggregate<ThresholdComparison>(
    {
      $match: {
        'inference.model_name': { $eq: name },
        'inference.model_version': { $in: comparable.map((model) => model.version) },
      },
    },
    {
      $group: {
        _id: null,
        recordings: { $sum: 1 },
        flaggedBefore: above(calibration.previous_threshold),
        flaggedNow: above(threshold),
      },
    },
    { $project: { _id: 0 } },
  );
  return counts ?? null;
}
