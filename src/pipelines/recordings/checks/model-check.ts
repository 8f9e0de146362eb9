import { ok, warning, type Check, type Finding } from '../../../commands/finding.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { DEFAULT_DECODE_LIMITS } from '../audio/decode/audio-decoder.js';
import { openDecoder } from '../audio/decode/open-decoder.js';
import { kernelsInUse } from '../audio/native/native-kernels.js';
import { modelFolder } from '../model/model-folder.js';
import { RECORDINGS_SETTINGS } from '../settings/index.js';

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
  const { loadModel } = await import('../model/load-model.js');
  const model = await loadModel(modelFolder(path));
  const { name, version, features, threshold } = model.manifest;
  await model.release();
  return ok(check, `${name} ${version}, ${features.length} features, threshold ${threshold}`);
}

const REBUILD_NATIVE =
  'Run npm run build:native, or delete the file. Meanwhile WebAssembly computes the same.';

/** Something that decodes audio, and what computes features. */
export function decoderCheck(): Check {
  return {
    name: 'Decoder',
    todo: 'Run npm ci with optional dependencies, or install ffmpeg.',
    run: async () => {
      const { name } = await openDecoder(DEFAULT_DECODE_LIMITS);
      const { kind, refused } = kernelsInUse();
      if (refused === undefined) return [ok('Decoder', `${name}, ${kind} kernels`)];
      return [ok('Decoder', name), warning('Native kernels', `are not used: ${refused}`, REBUILD_NATIVE)];
    },
  };
}
