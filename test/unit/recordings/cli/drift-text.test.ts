import { driftText } from '../../../../src/pipelines/recordings/cli/runs/drift-text.js';
import type { DriftReport } from '../../../../src/pipelines/recordings/contract/drift.js';

const report = (changes: Partial<DriftReport> = {}): DriftReport => ({
  ...{ model_name: 'reading-audio', model_version: '1.2.0', recordings: 240, not_comparable: 0 },
  scored_by: [{ model_name: 'reading-audio', model_version: '1.2.0', recordings: 240 }],
  ...{ features: 109, drifted: 1 },
  most_drifted: Array.from({ length: 7 }, (_, index) => ({
    feature: `mfcc_${index + 1}_mean`,
    ...{ training_mean: -394.6, training_std: 85.23, mean: -520.12345, std: 60 },
    ...{ q05: -600, q50: -520, q95: -400, distance: 1.5 - index / 10 },
  })),
  ...changes,
});

test('the five furthest features are shown beside what the model was trained on', () => {
  expect(driftText(report()).split('\n')).toEqual([
    '240 recordings against the training of reading-audio 1.2.0: 1 of 109 features are off by more than 0.5 deviations',
    'feature      trained on   this date  off by',
    ...[1.5, 1.4, 1.3, 1.2, 1.1].map(
      (distance, index) => `mfcc_${index + 1}_mean  -395 ± 85.2  -520 ± 60     ${distance}`,
    ),
  ]);
});

test('what could not be compared is said', () => {
  expect(driftText({ unavailable: 'model manifest cannot be read' })).toBe(
    'not measured: model manifest cannot be read',
  );
  expect(driftText(report({ recordings: 0, scored_by: [], most_drifted: [] }))).toMatch(/^no recordings/);
  expect(driftText(report({ not_comparable: 3 }))).toMatch(/^240 recordings \(3 more by other features\)/);
});

test('a model that changed meanwhile is told, with the share of each', () => {
  const [after] = report().scored_by;
  const scored_by = [
    { ...after!, recordings: 40 },
    { ...after!, model_version: '1.1.0', recordings: 200 },
  ];
  expect(driftText(report({ scored_by })).split('\n').slice(0, 2)).toEqual([
    '240 recordings against the training of reading-audio 1.2.0: 1 of 109 features are off by more than 0.5 deviations',
    'The model changed meanwhile: reading-audio 1.2.0 scored 40, reading-audio 1.1.0 scored 200.',
  ]);
});
