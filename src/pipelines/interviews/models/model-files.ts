import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  MANIFEST_FILE,
  ModelInvalid,
  parseModelManifest,
  readModelArtefact,
  readModelFile,
} from '../../../platform/model-folder.js';
import { manifestSchema, type ModelManifest } from './manifest.js';

/** A few names and hashes. */
const MAX_MANIFEST_BYTES = 64 * 1024;

/** A model's bytes, checked against its manifest. */
export interface ModelFiles<Artefact extends string> {
  manifest: ModelManifest;
  artefacts: Readonly<Record<Artefact, Uint8Array>>;
}

/**
 * Reads a model's folder: what is loaded afterwards are the bytes that were checked.
 *
 * @param names the artefacts that this model must have
 * @throws ModelInvalid when the manifest or an artefact is missing, or an artefact has another length or SHA-256 than it says
 */
export function readModelFiles<Artefact extends string>(
  folder: string,
  names: readonly Artefact[],
): ModelFiles<Artefact> {
  const manifest = readManifest(folder);
  const artefacts = names.map((name): [Artefact, Uint8Array] => {
    const artefact = manifest.artefacts[name];
    if (artefact === undefined) {
      throw new ModelInvalid(`model manifest ${join(folder, MANIFEST_FILE)} has no artefact ${name}`);
    }
    const { file, sha256, bytes } = artefact;
    return [name, readModelArtefact(join(folder, file), sha256, bytes)];
  });
  return { manifest, artefacts: Object.fromEntries(artefacts) as Record<Artefact, Uint8Array> };
}

/**
 * Reads all of a model's files to check them.
 *
 * @returns what its manifest says
 * @throws ModelInvalid as above
 */
export function readModel(folder: string): ModelManifest {
  return readModelFiles(folder, Object.keys(readManifest(folder).artefacts)).manifest;
}

/**
 * Whether all files of a model are there, whatever they hold: weights that are not committed come by `npm run models`.
 *
 * @throws ModelInvalid when the manifest is missing or invalid
 */
export function hasWeights(folder: string): boolean {
  return Object.values(readManifest(folder).artefacts).every(({ file }) => existsSync(join(folder, file)));
}

/** Who a model is. @throws ModelInvalid when the manifest is missing or invalid */
export function modelIdentity(folder: string): { name: string; version: string } {
  const { name, version } = readManifest(folder);
  return { name, version };
}

function readManifest(folder: string): ModelManifest {
  const path = join(folder, MANIFEST_FILE);
  const bytes = readModelFile('model manifest', path, MAX_MANIFEST_BYTES);
  return parseModelManifest(manifestSchema, bytes.toString('utf8'), path);
}
