import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelManifest } from '../../../../src/pipelines/recordings/model/manifest.js';

const FIXTURES = join(__dirname, '..', '..', '..', 'fixtures', 'model');

const folders: string[] = [];

/** Removes what `makeModelFolder` made. */
export function removeModelFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** A model of three features made of two of the fixture graphs, with the manifest's changes on top. */
export function makeModelFolder(
  options: { scaler?: string; detector?: string; manifest?: Partial<ModelManifest> } = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'vachan-model-'));
  folders.push(folder);
  const artefact = (role: 'scaler' | 'detector'): { file: string; sha256: string } => {
    const source = join(FIXTURES, `${options[role] ?? role}.onnx`);
    copyFileSync(source, join(folder, `${role}.onnx`));
    return { file: `${role}.onnx`, sha256: createHash('sha256').update(readFileSync(source)).digest('hex') };
  };
  const manifest: ModelManifest = {
    schema_version: 1,
    name: 'test-model',
    version: '1.0.0',
    licence: 'Apache-2.0',
    sample_rate: 22_050,
    threshold: 4,
    artefacts: { scaler: artefact('scaler'), detector: artefact('detector') },
    features: ['rms_mean', 'spectral_flatness_mean', 'duration_seconds'].map((name) => ({
      name,
      mean: 1,
      std: 1,
    })),
    training_data: { description: 'none', recordings: 1 },
    ...options.manifest,
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

export const THREE_FEATURES = {
  featureNames: ['rms_mean', 'spectral_flatness_mean', 'duration_seconds'],
  sampleRate: 22_050,
};
