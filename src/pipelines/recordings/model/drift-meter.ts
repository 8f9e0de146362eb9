import {
  DRIFT_MOST_FEATURES,
  DRIFT_NOTABLE_DISTANCE,
  type DriftReport,
  type FeatureDrift,
} from '../contract/drift.js';
import type { TrainingStatistics } from './training-statistics.js';

/** What a meter finds of the features; the rest of the report is about the recordings. */
export type MeasuredFeatures = Pick<DriftReport, 'features' | 'drifted' | 'most_drifted'>;

/** Compares recordings with a model's training statistics, in memory that does not grow with their number. */
export interface DriftMeter {
  /** @param features one recording's, in the order of the names */
  add(features: ArrayLike<number>): void;
  report(): MeasuredFeatures;
}

/**
 * Least training deviation, in the feature's own unit: near-constant features (clipping_ratio has 1e-6) would lead every list. All
 * others of the shipped model are above 0.02.
 */
const LEAST_STD = 1e-3;
/**
 * Bins are even on the scale asinh(z), z being the distance from the training mean in training deviations: 0.02 deviations wide in the
 * middle, 2 % of the distance far out, and none lost however far.
 */
const BINS_PER_UNIT = 50;
/** asinh(1e8) is 19.1: what is further away than that shares the outermost bin. */
const MOST_UNITS = 20;
const BINS = 2 * MOST_UNITS * BINS_PER_UNIT + 1;

/** @param featureNames of the engine, which the statistics are in the order of */
export function createDriftMeter(
  { means, stds }: TrainingStatistics,
  featureNames: readonly string[],
): DriftMeter {
  const columns = [...featureNames.keys()].filter((column) => !Number.isNaN(means[column]!));
  const features = columns.map((column) =>
    featureMeter(featureNames[column]!, means[column]!, stds[column]!),
  );
  let recordings = 0;
  return {
    add(row) {
      recordings++;
      columns.forEach((column, index) => features[index]!.add(row[column]!));
    },
    report() {
      const drifts = recordings === 0 ? [] : features.map((feature) => feature.drift());
      return {
        features: features.length,
        drifted: drifts.filter(({ distance }) => distance > DRIFT_NOTABLE_DISTANCE).length,
        most_drifted: drifts.sort((a, b) => b.distance - a.distance).slice(0, DRIFT_MOST_FEATURES),
      };
    },
  };
}

function featureMeter(feature: string, trainingMean: number, trainingStd: number) {
  const unit = Math.max(trainingStd, LEAST_STD);
  const bins = new Uint32Array(BINS);
  let count = 0;
  let mean = 0;
  /** Sum of squared distances from the mean (Welford). */
  let squares = 0;
  let least = Infinity;
  let most = -Infinity;

  const quantile = (share: number): number => {
    const rank = share * (count - 1);
    let below = 0;
    let bin = 0;
    while (below + bins[bin]! <= rank) below += bins[bin++]!;
    const middle = trainingMean + unit * Math.sinh((bin - MOST_UNITS * BINS_PER_UNIT) / BINS_PER_UNIT);
    return Math.min(most, Math.max(least, middle));
  };

  return {
    add(value: number): void {
      count++;
      const before = value - mean;
      mean += before / count;
      squares += before * (value - mean);
      least = Math.min(least, value);
      most = Math.max(most, value);
      const units = Math.asinh((value - trainingMean) / unit);
      const bounded = Math.max(-MOST_UNITS, Math.min(MOST_UNITS, units));
      bins[Math.round((bounded + MOST_UNITS) * BINS_PER_UNIT)]!++;
    },
    drift(): FeatureDrift {
      const std = Math.sqrt(squares / count);
      // The 2-Wasserstein distance of two normal distributions.
      const distance = Math.hypot(mean - trainingMean, std - trainingStd) / unit;
      const numbers = {
        training_mean: trainingMean,
        training_std: trainingStd,
        mean,
        std,
        q05: quantile(0.05),
        q50: quantile(0.5),
        q95: quantile(0.95),
        distance,
      };
      const rounded = Object.entries(numbers).map(([name, value]) => [name, Number(value.toPrecision(4))]);
      return { feature, ...(Object.fromEntries(rounded) as typeof numbers) };
    },
  };
}
