import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FEATURE_NAMES } from '../../../../src/pipelines/recordings/audio/features/feature-names.js';
import {
  createAudioEngine,
  type AudioEngineOptions,
  type PooledAudioEngine,
} from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import { makeModelFolder, removeModelFolders } from '../../../unit/recordings/model/model-folder.js';

const shipped = join(__dirname, '..', '..', '..', '..', 'models', 'reading-audio');
const candidate = { manifest: { name: 'candidate', version: '2.0.0' } };

let engine: PooledAudioEngine | undefined;

afterEach(async () => {
  await engine?.close();
  engine = undefined;
});
afterAll(removeModelFolders);

async function start(options: Partial<AudioEngineOptions>): Promise<PooledAudioEngine> {
  engine = await createAudioEngine({ poolSize: 1, modelFolder: shipped, ...options });
  return engine;
}

/** Values that a recording could have, all the same. */
const row = (value: number): Float64Array => new Float64Array(FEATURE_NAMES.length).fill(value);

test('a shadow model scores every row beside the model that decides, and changes nothing about it', async () => {
  const rows = [row(1), row(3)];
  const alone = await (await start({})).score(rows);
  await engine!.close();

  const both = await start({ shadowFolder: makeModelFolder(candidate) });
  const scores = await both.score(rows);
  expect(both).toMatchObject({
    model: { name: 'reading-audio' },
    shadow: { name: 'candidate', version: '2.0.0' },
  });
  expect(scores.map(({ inference }) => ({ inference }))).toEqual(alone);
  // The fixture's scaler doubles, its detector takes the maximum, and 4 is its threshold.
  expect(scores.map(({ shadow }) => shadow)).toMatchObject([
    { model_name: 'candidate', model_version: '2.0.0', anomaly_score: 2, is_anomaly: false },
    { model_name: 'candidate', model_version: '2.0.0', anomaly_score: 6, is_anomaly: true },
  ]);
});

test('a shadow model that fails on a batch is left out of it and named, and serves the next', async () => {
  const failures: string[] = [];
  const running = await start({
    shadowFolder: makeModelFolder({ detector: 'detector-nan', ...candidate }),
    onShadowFailed: (reason) => failures.push(reason),
  });
  // The fixture's detector takes a logarithm.
  await expect(running.score([row(1), row(0)])).resolves.toEqual([
    { inference: expect.objectContaining({ model_name: 'reading-audio' }) as unknown },
    { inference: expect.objectContaining({ model_name: 'reading-audio' }) as unknown },
  ]);
  expect(failures).toEqual(['model candidate 2.0.0 scored row 1 as -Infinity']);
  expect((await running.score([row(1)]))[0]?.shadow).toBeDefined();
});

test('a shadow model whose folder is spoilt while the pool runs goes on, also in a new member', async () => {
  const shadowFolder = makeModelFolder(candidate);
  const running = await start({ shadowFolder });
  writeFileSync(join(shadowFolder, 'detector.onnx'), 'half of an upload');
  process.kill(running.memberPids()[0]!, 'SIGKILL');
  // Whichever comes first, the death or the batch, the one after finds a live member.
  await running.score([row(1)]).catch(() => undefined);
  await expect(running.score([row(1)])).resolves.toMatchObject([
    { inference: { model_name: 'reading-audio' }, shadow: { model_name: 'candidate' } },
  ]);
});

test.each([
  [
    'its artefact was changed',
    (folder: string) => writeFileSync(join(folder, 'scaler.onnx'), 'x'),
    /SHA-256/,
  ],
  [
    'its manifest is no JSON',
    (folder: string) => writeFileSync(join(folder, 'manifest.json'), '{'),
    /is not JSON/,
  ],
])('a start is refused with one clear message when of either model %s', async (_what, spoil, message) => {
  const folder = makeModelFolder();
  spoil(folder);
  const own = createAudioEngine({ poolSize: 1, modelFolder: folder });
  await expect(own).rejects.toMatchObject({
    name: 'ModelInvalid',
    message: expect.stringMatching(message) as string,
  });
  const beside = createAudioEngine({ poolSize: 1, modelFolder: shipped, shadowFolder: folder });
  await expect(beside).rejects.toThrow(/^The shadow model cannot be used: /);
  await expect(beside).rejects.toMatchObject({
    name: 'ModelInvalid',
    message: expect.stringMatching(message) as string,
  });
});

test.each([
  ['a fixed batch', { scaler: 'scaler-fixed-batch' }, 'dynamic batch'],
  ['another width', { scaler: 'scaler-four-features' }, 'takes 4 values a row, expected 3'],
  [
    'features in another order',
    {
      manifest: {
        features: ['duration_seconds', 'rms_mean', 'spectral_flatness_mean'].map((name) => ({
          name,
          mean: 1,
          std: 1,
        })),
      },
    },
    'out of order',
  ],
])('a model with %s stops the engine at its start', async (_what, options, message) => {
  await expect(createAudioEngine({ poolSize: 1, modelFolder: makeModelFolder(options) })).rejects.toThrow(
    message,
  );
});
