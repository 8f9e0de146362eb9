import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from '../../../../src/pipelines/recordings/model/load-model.js';
import { ModelInvalid } from '../../../../src/platform/model-folder.js';
import { InvalidInput } from '../../../../src/platform/errors.js';
import { makeModelFolder, removeModelFolders, THREE_FEATURES } from './model-folder.js';

afterAll(removeModelFolders);

const row = (...values: number[]): Float64Array => Float64Array.from(values);

describe('a model that is as its manifest says', () => {
  it('labels a score above the threshold an anomaly and names the features that drove it', async () => {
    const model = await loadModel(makeModelFolder(), THREE_FEATURES);
    // The fixture's scaler doubles, its detector takes the maximum.
    const [loud, quiet] = await model.score([row(3, 0, 0), row(0, 2, 0)]);
    expect(loud).toEqual({
      is_anomaly: true,
      anomaly_score: 6,
      prediction_label: 'anomaly',
      threshold: 4,
      model_name: 'test-model',
      model_version: '1.0.0',
      reasons: [
        {
          feature: 'rms_mean',
          contribution: 1,
          deviation: 6,
          description: 'much louder than a normal reading',
        },
      ],
    });
    expect(quiet).toMatchObject({ is_anomaly: false, anomaly_score: 4, prediction_label: 'normal' });
  });

  it('may use float32 and explain its score itself', async () => {
    const folder = makeModelFolder({ detector: 'detector-float32' });
    const model = await loadModel(folder, THREE_FEATURES);
    const [inference] = await model.score([row(0, -1, -2)]);
    expect(inference?.anomaly_score).toBe(16);
    expect(inference?.reasons.map(({ feature, contribution }) => [feature, contribution])).toEqual([
      ['duration_seconds', 0.8],
      ['spectral_flatness_mean', 0.2],
    ]);
  });

  it('may use some of the features only, wherever they stand in the row', async () => {
    const model = await loadModel(makeModelFolder(), {
      featureNames: ['mfcc_1_mean', 'rms_mean', 'rms_std', 'spectral_flatness_mean', 'duration_seconds'],
      sampleRate: 22_050,
    });
    const [inference] = await model.score([row(100, 1, 100, 2, 3)]);
    expect(inference?.anomaly_score).toBe(6);
  });

  it('answers nothing to no rows', async () => {
    const model = await loadModel(makeModelFolder(), THREE_FEATURES);
    await expect(model.score([])).resolves.toEqual([]);
  });
});

describe('rows that cannot be scored', () => {
  it.each([NaN, Infinity, -Infinity])(
    'refuses a feature that is %p, naming row and feature',
    async (value) => {
      const model = await loadModel(makeModelFolder(), THREE_FEATURES);
      const scoring = model.score([row(1, 1, 1), row(1, value, 1)]);
      await expect(scoring).rejects.toThrow(InvalidInput);
      await expect(scoring).rejects.toThrow(
        `row 1: feature spectral_flatness_mean is ${value}, expected a finite number`,
      );
    },
  );

  it('refuses a row of another length', async () => {
    const model = await loadModel(makeModelFolder(), THREE_FEATURES);
    await expect(model.score([row(1, 1)])).rejects.toThrow('row 0 has 2 features, expected 3');
  });

  it('never passes on a score that is no number', async () => {
    const model = await loadModel(makeModelFolder({ detector: 'detector-nan' }), THREE_FEATURES);
    await expect(model.score([row(-1, -1, -1)])).rejects.toThrow(ModelInvalid);
  });
});

describe('a model that is not as its manifest says', () => {
  const features = (...names: string[]) => ({ features: names.map((name) => ({ name, mean: 1, std: 1 })) });

  it.each([
    ['a fixed batch', { scaler: 'scaler-fixed-batch' }, 'a batch fixed at 1, expected a dynamic batch'],
    ['another width', { scaler: 'scaler-four-features' }, 'takes 4 values a row, expected 3'],
    ['integers', { scaler: 'scaler-int64' }, 'is int64, expected a float32 or float64 tensor'],
    ['no score', { detector: 'detector-without-score' }, 'has no output "score"'],
    [
      'an unknown feature',
      { manifest: features('rms_mean', 'pitch', 'duration_seconds') },
      '"pitch", which is not computed',
    ],
    [
      'two features in each other’s place',
      { manifest: features('spectral_flatness_mean', 'rms_mean', 'duration_seconds') },
      'feature 1 (rms_mean) is out of order',
    ],
    ['a feature twice', { manifest: features('rms_mean', 'rms_mean', 'duration_seconds') }, 'named twice'],
    [
      'another sample rate',
      { manifest: { sample_rate: 16_000 } },
      'audio at 16000 Hz, but they are computed at 22050 Hz',
    ],
    ['a newer schema', { manifest: { schema_version: 2 as 1 } }, 'schema_version'],
    [
      'an artefact outside its folder',
      {
        manifest: {
          artefacts: {
            scaler: { file: '../a.onnx', sha256: '0' },
            detector: { file: 'd.onnx', sha256: '0' },
          },
        },
      },
      'artefacts.scaler.file: must be the name of an .onnx file beside the manifest; artefacts.scaler.sha256',
    ],
  ])('refuses %s with one clear message', async (_, options, message) => {
    const loading = loadModel(makeModelFolder(options), THREE_FEATURES);
    await expect(loading).rejects.toThrow(ModelInvalid);
    await expect(loading).rejects.toThrow(message);
  });

  it('refuses an artefact that was changed', async () => {
    const folder = makeModelFolder();
    writeFileSync(join(folder, 'detector.onnx'), 'something else');
    await expect(loadModel(folder, THREE_FEATURES)).rejects.toThrow(/detector\.onnx has SHA-256 .* expected/);
  });

  it('refuses a missing artefact', async () => {
    const folder = makeModelFolder();
    rmSync(join(folder, 'scaler.onnx'));
    await expect(loadModel(folder, THREE_FEATURES)).rejects.toThrow(
      /scaler\.onnx cannot be read: there is no such file$/,
    );
  });

  it('refuses a manifest that is missing or no JSON', async () => {
    const folder = makeModelFolder();
    writeFileSync(join(folder, 'manifest.json'), '{');
    await expect(loadModel(folder, THREE_FEATURES)).rejects.toThrow(/manifest\.json is not JSON/);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await expect(loadModel(empty, THREE_FEATURES)).rejects.toThrow(
      /manifest\.json cannot be read: there is no such file$/,
    );
  });

  it.each([
    ['a manifest', 'manifest.json'],
    ['an artefact', 'detector.onnx'],
  ])('refuses %s that is a pipe or a device, instead of waiting or filling memory', async (_, name) => {
    const folder = makeModelFolder();
    const path = join(folder, name);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    await expect(loadModel(folder, THREE_FEATURES)).rejects.toThrow(/cannot be read: it is no regular file/);
    rmSync(path);
    symlinkSync('/dev/zero', path);
    await expect(loadModel(folder, THREE_FEATURES)).rejects.toThrow(/cannot be read: it is no regular file/);
  });

  it('refuses a manifest of a size that no manifest has', async () => {
    const folder = makeModelFolder();
    truncateSync(join(folder, 'manifest.json'), 2 ** 40);
    await expect(loadModel(folder, THREE_FEATURES)).rejects.toThrow(/cannot be read: it is larger than/);
  });
});
