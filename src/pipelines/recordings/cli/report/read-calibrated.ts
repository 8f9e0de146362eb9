import { join } from 'node:path';
import type { Environment } from '../../../../platform/config/environment.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { MANIFEST_FILE, ModelInvalid, readModelFile } from '../../../../platform/model-folder.js';
import { MAX_MANIFEST_BYTES, parseManifest } from '../../model/manifest.js';
import { modelFolder } from '../../model/model-folder.js';
import type { CalibratedModel } from '../../report/run-results.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';

/**
 * The model of MODEL_PATH, where its threshold was calibrated. Undefined where it was not, and where this machine has no such folder: a report
 * is written wherever results can be read.
 */
export function readCalibrated(environment: Environment): CalibratedModel | undefined {
  const { MODEL_PATH } = loadSettings(environment, pick(RECORDINGS_SETTINGS, 'MODEL_PATH'));
  const path = join(modelFolder(MODEL_PATH), MANIFEST_FILE);
  try {
    const text = readModelFile('model manifest', path, MAX_MANIFEST_BYTES).toString('utf8');
    const { name, version, threshold, calibration } = parseManifest(text, path);
    return calibration && { name, version, threshold, calibration };
  } catch (error) {
    if (error instanceof ModelInvalid) return undefined;
    throw error;
  }
}
