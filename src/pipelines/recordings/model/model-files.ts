import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, readModelFile } from '../../../platform/model-folder.js';
import { MAX_MANIFEST_BYTES, parseManifest, readArtefact, type ModelManifest } from './manifest.js';

/**
 * A model's bytes, checked against its manifest. They are read once and handed to every process that scores, so that all have
 * the same, also when the folder changes meanwhile.
 */
export interface ModelFiles {
  /** As the setting names it; for messages. */
  folder: string;
  /** SHA-256 of the manifest, which holds those of the artefacts: equal only for equal models. */
  revision: string;
  manifest: ModelManifest;
  scaler: Uint8Array;
  detector: Uint8Array;
}

/**
 * Reads a model's folder. A folder that is a symbolic link is resolved once, so a link that is switched meanwhile gives one
 * model or the other.
 *
 * @throws ModelInvalid when the manifest is missing or invalid, or an artefact is missing or has another hash
 */
export async function readModelFiles(folder: string): Promise<ModelFiles> {
  const resolved = await realpath(folder).catch(() => folder);
  const path = join(resolved, MANIFEST_FILE);
  const bytes = readModelFile('model manifest', path, MAX_MANIFEST_BYTES);
  const manifest = parseManifest(bytes.toString('utf8'), path);
  const scaler = readArtefact(resolved, manifest.artefacts.scaler);
  const detector = readArtefact(resolved, manifest.artefacts.detector);
  const revision = createHash('sha256').update(bytes).digest('hex');
  return { folder, revision, manifest, scaler, detector };
}

/**
 * What tells whether a model's folder has changed, cheaply enough to be asked every few seconds: the manifest's bytes, and size and
 * time of the artefacts that it names.
 */
export async function fingerprintOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    const resolved = await realpath(folder);
    const bytes = readModelFile('model manifest', join(resolved, MANIFEST_FILE), MAX_MANIFEST_BYTES);
    hash.update(bytes);
    const { artefacts } = parseManifest(bytes.toString('utf8'), MANIFEST_FILE);
    for (const { file } of Object.values(artefacts)) {
      const { size, mtimeMs, ino } = await stat(join(resolved, file));
      hash.update(`${file} ${size} ${mtimeMs} ${ino}\n`);
    }
  } catch (error) {
    // A folder that is being filled looks like this; it is another folder again once the file is there.
    hash.update(error instanceof Error ? error.message : String(error));
  }
  return hash.digest('hex');
}
