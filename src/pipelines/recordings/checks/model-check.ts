import { ok, type Check, type Finding } from '../../../commands/finding.js';
import type { Environment } from '../../../platform/config/environment.js';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { pick } from '../../../platform/config/settings-table.js';
import { DEFAULT_DECODE_LIMITS } from '../audio/decode/audio-decoder.js';
import { openDecoder } from '../audio/decode/open-decoder.js';
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

/** Something that decodes audio. */
export function decoderCheck(): Check {
  return {
    name: 'Decoder',
    todo: 'Run npm ci with optional dependencies, or install ffmpeg.',
    run: async () => [ok('Decoder', (await openDecoder(DEFAULT_DECODE_LIMITS)).name)],
  };
}
