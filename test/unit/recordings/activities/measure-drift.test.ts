import { createMeasureDriftActivity } from '../../../../src/activities/recordings/measure-drift.js';
import { FEATURE_NAMES } from '../../../../src/pipelines/recordings/audio/features/feature-names.js';
import type { DriftReport } from '../../../../src/pipelines/recordings/contract/drift.js';
import { recordingLogger } from '../../../../src/platform/logging/recording-logger.js';
import type {
  FeatureLog,
  ScoringModelNote,
} from '../../../../src/pipelines/recordings/results/feature-log.js';

const KEY = { source_collection: 'student_assessment_record', test_date: '2025-12-20' };

/** A model that was trained on these means of the engine's features, with a deviation of one each. */
function model(version: string, means: Readonly<Record<string, number>>): ScoringModelNote {
  const column = (of: (name: string) => number | undefined): Float64Array =>
    Float64Array.from(FEATURE_NAMES, (name) => of(name) ?? NaN);
  return {
    ...{ name: 'reading-audio', version },
    training: {
      means: column((name) => means[name]),
      stds: column((name) => (name in means ? 1 : undefined)),
    },
  };
}

/** Measures a log that holds, the latest first, recordings whose features are all of that value. */
async function measure(
  entries: readonly [value: number, by: ScoringModelNote][],
  notComparable = 0,
): Promise<DriftReport | null> {
  const featureLog: Pick<FeatureLog, 'read'> = {
    read: (key, visit) => {
      expect(key).toEqual(KEY);
      const row = new Float32Array(FEATURE_NAMES.length);
      for (const [value, by] of entries) visit(row.fill(value), by);
      return Promise.resolve({ notComparable });
    },
  };
  return createMeasureDriftActivity({ featureLog, log: recordingLogger() }).measureDrift(KEY);
}

describe('the drift of a date', () => {
  const [loud, bright] = [FEATURE_NAMES[0]!, FEATURE_NAMES[1]!];
  const before = model('1.0.0', { [loud]: 0, [bright]: 0 });
  const after = model('2.0.0', { [bright]: 5 });

  test('is that from the training of the model that scored it, feature by name', async () => {
    const report = await measure([
      [1, before],
      [3, before],
    ]);
    expect(report).toMatchObject({
      ...{ model_name: 'reading-audio', model_version: '1.0.0', recordings: 2, features: 2, drifted: 2 },
      scored_by: [{ model_name: 'reading-audio', model_version: '1.0.0', recordings: 2 }],
    });
    expect(report?.most_drifted.map(({ feature, mean }) => [feature, mean])).toEqual([
      [loud, 2],
      [bright, 2],
    ]);
  });

  test('is that from the training of the last model after a change, and says what each scored', async () => {
    const report = await measure(
      [
        [4, after],
        [5, before],
        [6, before],
      ],
      7,
    );
    expect(report).toMatchObject({
      ...{ model_version: '2.0.0', recordings: 3, not_comparable: 7 },
      scored_by: [
        { model_version: '2.0.0', recordings: 1 },
        { model_version: '1.0.0', recordings: 2 },
      ],
      // Whoever scored them: their features are the same ones.
      ...{ features: 1, most_drifted: [{ feature: bright, training_mean: 5, mean: 5 }] },
    });
  });

  test('names no model when there is nothing to compare', async () => {
    expect(await measure([], 3)).toEqual({
      ...{ model_name: null, model_version: null, scored_by: [], recordings: 0, not_comparable: 3 },
      ...{ features: 0, drifted: 0, most_drifted: [] },
    });
  });

  test('is null where features are not kept', async () => {
    const { measureDrift } = createMeasureDriftActivity({ featureLog: undefined, log: recordingLogger() });
    expect(await measureDrift(KEY)).toBeNull();
  });
});
