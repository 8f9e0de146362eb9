import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultDocument } from '../../../../src/pipelines/recordings/contract/result-document.js';
import { modelFolder } from '../../../../src/pipelines/recordings/model/model-folder.js';
import type { ModelManifest } from '../../../../src/pipelines/recordings/model/manifest.js';
import { freshFolder } from '../../embedded-stack.js';
import { until } from '../../../until.js';
import { createInstallation, endLeftInstallations } from './installation.js';
import { recordings } from './recordings.js';

const STORY_MS = 120_000;
const RECORDINGS = 30;

afterAll(endLeftInstallations);

/** Puts another manifest into the folder as a careful deployment does: written beside, then renamed. */
function deploy(folder: string, change: (manifest: ModelManifest) => unknown): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as ModelManifest;
  writeFileSync(`${path}.new`, JSON.stringify(change(manifest)));
  renameSync(`${path}.new`, path);
}

const versionsByBatch = (results: readonly ResultDocument[]): Map<string, Set<string>> => {
  const versions = new Map<string, Set<string>>();
  for (const { inference, processing } of results) {
    const of = versions.get(processing.batch_id) ?? new Set();
    versions.set(processing.batch_id, of.add(inference.model_version));
  }
  return versions;
};

test(
  'a worker takes a new model between batches while it works, and refuses a bad one',
  async () => {
    const folder = join(freshFolder(), 'model');
    cpSync(modelFolder('models/reading-audio'), folder, { recursive: true });
    const installation = await createInstallation({
      env: { MODEL_PATH: folder, MODEL_RELOAD_SECONDS: '0.05', AUDIO_POOL_SIZE: '2' },
    });
    const worker = await installation.worker();
    const first = (worker.of('worker_started')[0]!['model'] as { version: string }).version;
    const queue = async (count: number): Promise<void> => {
      const rows = recordings(count, installation.bucket);
      await installation.insert(rows);
      await installation.send(rows);
    };
    await queue(RECORDINGS);
    await installation.start('ingestWorkflow', { batch_size: 4 });
    await until(async () => (await installation.results()).length > 0);

    deploy(folder, (manifest) => ({ ...manifest, version: '99.0.0' }));
    expect(await worker.said('model_changed')).toMatchObject({
      role: 'model',
      model: { version: '99.0.0' },
      before: { version: first },
    });
    await queue(RECORDINGS);
    await until(async () => (await installation.results()).length === 2 * RECORDINGS);

    const batches = [...versionsByBatch(await installation.results()).values()];
    expect(batches.map((versions) => versions.size)).toEqual(batches.map(() => 1));
    expect(new Set(batches.flatMap((versions) => [...versions]))).toEqual(new Set([first, '99.0.0']));
    const url = await worker.healthUrl();
    expect(await (await fetch(`${url}/health/health`)).json()).toMatchObject({
      model: { version: '99.0.0' },
    });
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /vachan_model_info\{role="model",name="[\w-]+",version="99\.0\.0"\} 1/,
    );

    // Its artefacts are not those that this manifest was made with.
    const wrong = { file: 'detector.onnx', sha256: '0'.repeat(64) };
    deploy(folder, (manifest) => ({
      ...manifest,
      version: '100.0.0',
      artefacts: { ...manifest.artefacts, detector: wrong },
    }));
    expect(await worker.said('model_refused')).toMatchObject({
      reason: expect.stringMatching(/detector\.onnx has SHA-256 .*, expected 0+/) as string,
      in_use: { version: '99.0.0' },
    });
    const before = (await installation.results()).length;
    await queue(4);
    await until(async () => (await installation.results()).length === before + 4);
    const last = (await installation.results()).slice(before);
    expect(new Set(last.map(({ inference }) => inference.model_version))).toEqual(new Set(['99.0.0']));
    expect(worker.of('model_refused')).toHaveLength(1);
    await installation.close();
  },
  STORY_MS,
);
