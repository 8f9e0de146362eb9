import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelName } from '../../../../src/pipelines/recordings/audio/audio-engine.js';
import { FEATURE_NAMES } from '../../../../src/pipelines/recordings/audio/features/feature-names.js';
import {
  createAudioEngine,
  type PooledAudioEngine,
} from '../../../../src/pipelines/recordings/audio/pool/create-audio-engine.js';
import type { ModelManifest } from '../../../../src/pipelines/recordings/model/manifest.js';
import { makeModelFolder, removeModelFolders } from '../../../unit/recordings/model/model-folder.js';
import { until } from '../../../until.js';

let engine: PooledAudioEngine | undefined;

afterEach(async () => {
  await engine?.close();
  engine = undefined;
});
afterAll(removeModelFolders);

const row = (value: number): Float64Array => new Float64Array(FEATURE_NAMES.length).fill(value);

/** The next version, with another threshold, copied over the one in the folder. */
function release(folder: string, version: string, options: Parameters<typeof makeModelFolder>[0] = {}): void {
  const next = makeModelFolder({ ...options, manifest: { version, threshold: 100, ...options.manifest } });
  for (const file of ['scaler.onnx', 'detector.onnx', 'manifest.json']) {
    copyFileSync(join(next, file), join(folder, file));
  }
}

async function start(modelFolder: string, shadowFolder?: string) {
  const changed: [string, ModelName][] = [];
  const refused: string[] = [];
  engine = await createAudioEngine({
    poolSize: 2,
    modelFolder,
    ...(shadowFolder && { shadowFolder }),
    reloadEveryMs: 10,
    onModelChanged: (role, model) => changed.push([role, model]),
    onModelRefused: (_role, reason) => refused.push(reason),
  });
  return { engine, changed, refused };
}

/** The version of each row's score, of as many batches at once as keep every member busy. */
async function versions(running: PooledAudioEngine, batches: number): Promise<string[][]> {
  const scores = await Promise.all(
    Array.from({ length: batches }, () => running.score([row(1), row(3), row(9)])),
  );
  return scores.map((batch) => batch.map(({ inference }) => inference.model_version));
}

test('a new version scores from the next batch on, in every member, and no batch holds two', async () => {
  const folder = makeModelFolder();
  const { engine: running, changed } = await start(folder);
  const first = { name: 'test-model', version: '1.0.0' };
  expect(running.model).toEqual(first);
  const training = running.trainingOf(first);
  release(folder, '2.0.0');
  const seen: string[][] = [];
  // Batches go on all the while, so that the change falls between two of them.
  await until(async () => {
    seen.push(...(await versions(running, 4)));
    return changed.length > 0;
  }, 0);
  const after = await versions(running, 8);

  expect(changed).toEqual([['model', { name: 'test-model', version: '2.0.0' }]]);
  expect(running.model).toEqual({ name: 'test-model', version: '2.0.0' });
  // What was scored before may not be written yet.
  expect(running.trainingOf(first)).toEqual(training);
  expect(running.trainingOf(running.model)).toBeDefined();
  expect(running.trainingOf({ ...first, version: '3.0.0' })).toBeUndefined();
  for (const batch of seen) expect(new Set(batch).size).toBe(1);
  expect(new Set(after.flat())).toEqual(new Set(['2.0.0']));
  expect((await running.score([row(9)]))[0]?.inference).toMatchObject({ threshold: 100, is_anomaly: false });
});

test('a shadow takes a new version as well, and the model that decides stays', async () => {
  const shadowFolder = makeModelFolder({ manifest: { name: 'candidate' } });
  const { engine: running, changed } = await start(makeModelFolder(), shadowFolder);
  release(shadowFolder, '3.0.0', { manifest: { name: 'candidate' } });
  await until(() => changed.length > 0);
  expect(running.shadow).toEqual({ name: 'candidate', version: '3.0.0' });
  await expect(running.score([row(1)])).resolves.toMatchObject([
    { inference: { model_version: '1.0.0' }, shadow: { model_name: 'candidate', model_version: '3.0.0' } },
  ]);
});

test.each([
  ['a graph of another width', { scaler: 'scaler-four-features' }, /takes 4 values a row, expected 3/],
  ['a detector that gives no score', { detector: 'detector-without-score' }, /has no output "score"/],
])('%s is refused, and the model before goes on, also in new members', async (_what, options, reason) => {
  const folder = makeModelFolder();
  const { engine: running, changed, refused } = await start(folder);
  release(folder, '2.0.0', options);
  await until(() => refused.length > 0);
  expect(refused).toEqual([expect.stringMatching(reason)]);

  // The folder is of no use to a member that starts now; what is in use is.
  const before = running.memberPids();
  for (const pid of before) process.kill(pid, 'SIGKILL');
  await until(() => {
    const now = running.memberPids();
    return now.length === 2 && now.every((pid) => !before.includes(pid));
  });
  expect(new Set((await versions(running, 6)).flat())).toEqual(new Set(['1.0.0']));
  expect(changed).toEqual([]);
});

test('an artefact that is spoilt in place is told of, and the model goes on', async () => {
  const folder = makeModelFolder();
  const { engine: running, refused } = await start(folder);
  writeFileSync(join(folder, 'detector.onnx'), 'half of an upload');
  await until(() => refused.length > 0);
  expect(refused).toEqual([expect.stringMatching(/detector\.onnx has SHA-256/)]);
  await expect(running.score([row(1)])).resolves.toHaveLength(1);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as ModelManifest;
  expect(running.model.version).toBe(manifest.version);
});
