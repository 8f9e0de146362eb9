import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_DECODE_LIMITS } from '../../pipelines/recordings/audio/decode/audio-decoder.js';
import { openDecoder } from '../../pipelines/recordings/audio/decode/open-decoder.js';
import { isGiven, loadSettings } from '../../platform/config/load-settings.js';
import type { Environment } from '../../platform/config/environment.js';
import { ConfigurationError } from '../../platform/errors.js';
import { defaultScratchRoot } from '../../platform/scratch/scratch.js';
import { modelFolder } from '../../pipelines/recordings/model/model-folder.js';
import { ok, problem, warning, type Check, type Finding } from '../../commands/finding.js';
import { BASE_SETTINGS } from '../../platform/config/base-settings.js';
import { pick } from '../../platform/config/settings-table.js';
import { RECORDINGS_SETTINGS } from '../../pipelines/recordings/settings/index.js';

/** All settings together, as a worker reads them at its start. */
export function configurationCheck(environment: Environment): Check {
  const name = 'Configuration';
  const todo = 'Set them in the environment or in .env; README and .env.example describe each.';
  return {
    name,
    todo,
    run: () => {
      try {
        loadSettings(environment, BASE_SETTINGS, RECORDINGS_SETTINGS);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const [, ...problems] = error.message.split('\n').map((line) => line.replace(/^ *- /, ''));
        const findings = problems.map((text): Finding => ({ check: name, status: 'problem', detail: text }));
        // Once, below the last, for what to do is the same for all.
        return Promise.resolve(
          findings.map((one, index) => (index === findings.length - 1 ? { ...one, todo } : one)),
        );
      }
      const given = Object.keys({ ...BASE_SETTINGS, ...RECORDINGS_SETTINGS }).filter((setting) =>
        isGiven(environment, setting),
      );
      return Promise.resolve([ok(name, `${given.length} settings given, the others have defaults`)]);
    },
  };
}

/** The model: its manifest, its artefacts' hashes, and one trial score. */
export function modelCheck(environment: Environment): Check {
  return {
    name: 'Model',
    todo: 'Point MODEL_PATH at a folder with a manifest and its artefacts, or restore the one that ships.',
    run: async () => [
      await tryModel('Model', loadSettings(environment, pick(RECORDINGS_SETTINGS, 'MODEL_PATH')).MODEL_PATH),
    ],
  };
}

/** The same of the model that scores beside it, where one is set: a worker does not start without it. */
export function shadowModelCheck(environment: Environment): Check {
  return {
    name: 'Shadow model',
    todo: 'Point SHADOW_MODEL_PATH at a folder with a manifest and its artefacts, or unset it.',
    run: async () => {
      const { SHADOW_MODEL_PATH: path } = loadSettings(
        environment,
        pick(RECORDINGS_SETTINGS, 'SHADOW_MODEL_PATH'),
      );
      return path === undefined ? [] : [await tryModel('Shadow model', path)];
    },
  };
}

async function tryModel(check: string, path: string): Promise<Finding> {
  const { loadModel } = await import('../../pipelines/recordings/model/load-model.js');
  const model = await loadModel(modelFolder(path));
  const { name, version, features, threshold } = model.manifest;
  await model.release();
  return ok(check, `${name} ${version}, ${features.length} features, threshold ${threshold}`);
}

/** Something that decodes audio. */
export function decoderCheck(): Check {
  return {
    name: 'Decoder',
    todo: 'Run npm ci with optional dependencies, or install ffmpeg.',
    run: async () => [ok('Decoder', (await openDecoder(DEFAULT_DECODE_LIMITS)).name)],
  };
}

/** A night's batches under way, of recordings of a megabyte, stay below this. */
const LEAST_FREE_BYTES = 1024 ** 3;

/** The folder where audio lies while its batch lasts. */
export function scratchCheck(environment: Environment): Check {
  const name = 'Scratch';
  const todo = 'Set SCRATCH_PATH to a folder that this process may write to.';
  return {
    name,
    todo,
    run: async () => {
      const { SCRATCH_PATH: configured } = loadSettings(environment, pick(BASE_SETTINGS, 'SCRATCH_PATH'));
      const root = configured ?? defaultScratchRoot();
      try {
        await mkdir(root, { recursive: true, mode: 0o700 });
        const folder = await mkdtemp(join(root, 'doctor-'));
        await writeFile(join(folder, 'trial'), 'trial');
        await rm(folder, { recursive: true });
      } catch (error) {
        return [
          problem(
            name,
            `${root} cannot be written to (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
            todo,
          ),
        ];
      }
      const { bavail, bsize } = await statfs(root);
      const free = bavail * bsize;
      const detail = `${root}, ${(free / 1024 ** 3).toFixed(1)} GiB free`;
      return [
        free < LEAST_FREE_BYTES ? warning(name, detail, 'Make room, or set SCRATCH_PATH.') : ok(name, detail),
      ];
    },
  };
}
