import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MANIFEST_FILE, ModelInvalid, readModelFile } from '../../../../platform/model-folder.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { MAX_MANIFEST_BYTES } from '../manifest.js';
import { readModelFiles, type ModelFiles } from '../model-files.js';
import type { Calibration } from './calibration-block.js';

/** What of a model's folder goes along beside the artefacts, where it is there: its card and its licence. */
const DOCUMENTS = ['README.md', 'LICENSE', 'LICENSE.txt', 'NOTICE'];

/**
 * Writes a model with another threshold: the artefacts byte for byte, the manifest with version, threshold and calibration, its card and
 * licence. The folder is filled beside its place, read back as a worker reads it, and renamed: it is whole or not there.
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
  const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await mkdir(unfinished);
    const { artefacts } = model.manifest;
    await writeFlushed(join(unfinished, artefacts.scaler.file), model.scaler);
    await writeFlushed(join(unfinished, artefacts.detector.file), model.detector);
    for (const document of DOCUMENTS) {
      await copyFile(join(model.folder, document), join(unfinished, document)).catch(unlessMissing);
    }
    await writeFlushed(
      join(unfinished, MANIFEST_FILE),
      `${JSON.stringify(changed(model, changes), null, 2)}\n`,
    );
    await readModelFiles(unfinished);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new InvalidInput(
      `${option}: cannot write ${out} (${code ?? 'unknown error'}); nothing was written.`,
      {
        cause: error,
      },
    );
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

async function writeFlushed(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(path, content, { flag: 'wx' });
  const file = await open(path, 'r');
  await file.sync().finally(() => file.close());
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
