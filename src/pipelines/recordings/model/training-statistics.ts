import { columnsOf, type FeatureSupply, type ModelManifest } from './manifest.js';

/** What a model's training recordings were like: a value for each of the engine's features, NaN for one that it does not use. */
export interface TrainingStatistics {
  means: Float64Array;
  /** Standard deviations. */
  stds: Float64Array;
}

/** @throws ModelInvalid when the model wants features that are not supplied */
export function trainingStatisticsOf(manifest: ModelManifest, supply: FeatureSupply): TrainingStatistics {
  const means = new Float64Array(supply.featureNames.length).fill(NaN);
  const stds = means.slice();
  columnsOf(manifest, supply).forEach((position, column) => {
    const { mean, std } = manifest.features[column]!;
    means[position] = mean;
    stds[position] = std;
  });
  return { means, stds };
}
