import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  flushFolder,
  NotWritten,
  replaceWhole,
  writeFlushed,
} from '../../../../platform/files/replace-whole.js';
import { MANIFEST_FILE, ModelInvalid, readModelFile } from '../../../../platform/model-folder.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { MAX_MANIFEST_BYTES } from '../manifest.js';
import { readModelFiles, type ModelFiles } from '../model-files.js';
import type { Calibration } from './calibration-block.js';

/** What of a model's folder goes along beside the artefacts, where it is there: its card and its licence. */
const DOCUMENTS = ['README.md', 'LICENSE', 'LICENSE.txt', 'NOTICE'];

/**
 * Writes a model with another threshold: the artefacts byte for byte, the manifest with version, threshold and calibration, its card and
 * licence. What is written is read back as a worker reads it before it is in its place: the folder is whole or not there.
 *
 * @param model as it was read; its card and licence are taken from its folder
 * @throws InvalidInput when the folder cannot be written, or meanwhile holds something
 * @throws ModelInvalid when the model was changed meanwhile, or what was written cannot be read back
 */
export async function writeCalibrated(
  option: string,
  out: string,
  model: ModelFiles,
  changes: { version: string; threshold: number; calibration: Calibration },
): Promise<void> {
  const path = resolve(out);
  try {
    await replaceWhole(path, async (unfinished) => {
      await mkdir(unfinished, { recursive: true });
      const { artefacts } = model.manifest;
      await writeFlushed(join(unfinished, artefacts.scaler.file), model.scaler);
      await writeFlushed(join(unfinished, artefacts.detector.file), model.detector);
      for (const document of DOCUMENTS) {
        const text = await readFile(join(model.folder, document)).catch(unlessMissing);
        if (text !== undefined) await writeFlushed(join(unfinished, document), text);
      }
      await writeFlushed(
        join(unfinished, MANIFEST_FILE),
        `${JSON.stringify(changed(model, changes), null, 2)}\n`,
      );
      await flushFolder(unfinished);
      await readModelFiles(unfinished);
    });
  } catch (error) {
    if (!(error instanceof NotWritten)) throw error;
    throw new InvalidInput(`${option}: ${error.message} Nothing was written.`, { cause: error });
  }
}

/** What an earlier calibration has said at the end of the description. */
const SAID_BEFORE = /\s*Calibrated: .*$/s;

/** The manifest as somebody wrote it, with whatever else it says, and the changes; the features, which are long, last. */
function changed(
  { folder, revision }: ModelFiles,
  { version, threshold, calibration }: { version: string; threshold: number; calibration: Calibration },
): object {
  const bytes = readModelFile('model manifest', join(folder, MANIFEST_FILE), MAX_MANIFEST_BYTES);
  if (createHash('sha256').update(bytes).digest('hex') !== revision) {
    throw new ModelInvalid(`model folder ${folder} was changed while its threshold was set; try again`);
  }
  const { features, description, ...written } = JSON.parse(bytes.toString('utf8')) as {
    features: unknown;
    description?: string;
  };
  const words = (description ?? '').replace(SAID_BEFORE, '');
  return {
    ...written,
    version,
    description: `${words} Calibrated: the threshold is now ${threshold} on this scale.`.trim(),
    threshold,
    calibration,
    features,
  };
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
