import fc from 'fast-check';
import { DRIFT_MOST_FEATURES } from '../../../../src/pipelines/recordings/contract/drift.js';
import { createDriftMeter, type DriftMeter } from '../../../../src/pipelines/recordings/model/drift-meter.js';

/** A meter of features `f0`, `f1`, … with these training statistics. */
function meterOf(...features: [mean: number, std: number][]): DriftMeter {
  const training = {
    means: Float64Array.from(features, ([mean]) => mean),
    stds: Float64Array.from(features, ([, std]) => std),
  };
  return createDriftMeter(
    training,
    features.map((_, index) => `f${index}`),
  );
}

test('the furthest feature comes first, by how far mean and spread have moved together', () => {
  const meter = meterOf([0, 1], [10, 2], [5, 1]);
  // f0 keeps its mean and triples its spread; f1 moves by five deviations; f2 is as it was trained.
  for (const sign of [-1, 1]) meter.add([3 * sign, 20 + 2 * sign, 5 + sign]);
  const report = meter.report();
  expect(report).toMatchObject({ features: 3, drifted: 2 });
  expect(report.most_drifted).toMatchObject([
    { feature: 'f1', mean: 20, std: 2, training_mean: 10, training_std: 2, distance: 5 },
    { feature: 'f0', mean: 0, std: 3, distance: 2 },
    { feature: 'f2', mean: 5, std: 1, distance: 0 },
  ]);
});

test('mean and deviation are those of all values, and quantiles are near them, wherever the values lie', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.double({ min: -100, max: 100, noNaN: true }), (all, trainingMean) => {
      const meter = meterOf([trainingMean, 2]);
      for (const value of all) meter.add([value]);
      const [drift] = meter.report().most_drifted;
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      const std = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
      const scale = Math.max(...all.map(Math.abs), 1);
      expect(Math.abs(drift!.mean - mean)).toBeLessThanOrEqual(1e-3 * scale);
      expect(Math.abs(drift!.std - std)).toBeLessThanOrEqual(1e-3 * scale);
      const sorted = [...all].sort((a, b) => a - b);
      for (const [share, quantile] of [
        [0.05, drift!.q05],
        [0.5, drift!.q50],
        [0.95, drift!.q95],
      ] as const) {
        const expected = sorted[Math.floor(share * (sorted.length - 1))]!;
        const away = Math.hypot(expected - trainingMean, 2);
        expect(Math.abs(quantile - expected)).toBeLessThanOrEqual(0.011 * away + 1e-3 * scale);
      }
    }),
  );
});

test('a near-constant feature is measured in a thousandth, not in its own tiny deviation', () => {
  const meter = meterOf([0, 1e-6]);
  meter.add([1e-4]);
  expect(meter.report()).toMatchObject({ drifted: 0, most_drifted: [{ distance: 0.1 }] });
});

test('a list is short, and empty without recordings', () => {
  const features = Array.from({ length: 50 }, (): [number, number] => [0, 1]);
  const meter = meterOf(...features);
  expect(meter.report()).toEqual({ features: 50, drifted: 0, most_drifted: [] });
  meter.add(features.map((_, index) => index));
  expect(meter.report().most_drifted).toHaveLength(DRIFT_MOST_FEATURES);
});

test('a feature that the model does not use is not compared', () => {
  const meter = meterOf([NaN, NaN], [0, 1]);
  meter.add([99, 0]);
  expect(meter.report()).toMatchObject({ features: 1, drifted: 1, most_drifted: [{ feature: 'f1' }] });
});
