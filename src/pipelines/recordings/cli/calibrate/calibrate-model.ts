import { resolve } from 'node:path';
import { CommandMisused } from '../../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../../commands/context.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { setThreshold, type SetThreshold } from '../../evaluation/set-threshold.js';
import { calibratedVersion } from '../../model/calibration/calibrated-version.js';
import type { Calibration } from '../../model/calibration/calibration-block.js';
import { writeCalibrated } from '../../model/calibration/write-calibrated.js';
import { modelFolder } from '../../model/model-folder.js';
import { readModelFiles } from '../../model/model-files.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';
import type { RecordingsContext } from '../context.js';
import { tellUnread } from '../evaluate/tell-unread.js';
import { calibrationText } from './calibration-text.js';
import { checkEmpty } from './empty-folder.js';
import { gatherDate, gatherLabelled } from './gather-scores.js';

export interface CalibrateOptions {
  from?: string;
  testDate?: string;
  share: number;
  model?: string;
  out: string;
  json?: boolean;
}

/** Writes a new version of a model with a threshold for a share of false alarms. Exit code 1 when recordings had to be left out unread. */
export async function calibrateModel(
  context: RecordingsContext,
  { from, testDate, share, model: given, out, json }: CalibrateOptions,
): Promise<ExitCode> {
  if ((from === undefined) === (testDate === undefined)) {
    throw new CommandMisused('Expected either --from with a CSV of labels or --test-date.');
  }
  await checkEmpty('--out', out);
  const { MODEL_PATH } = loadSettings(context.readEnvironment(), pick(RECORDINGS_SETTINGS, 'MODEL_PATH'));
  const model = await readModelFiles(given === undefined ? modelFolder(MODEL_PATH) : resolve(given));
  const { manifest } = model;
  const { normal, anomalous, on, unread } =
    from === undefined
      ? await gatherDate(context, testDate!, model)
      : await gatherLabelled(context, from, model);
  const found = setThreshold(normal, anomalous, share, manifest.threshold);
  if (json !== true) tellUnread(context.terminal, unread);
  const threshold = checkedThreshold(found, normal.setting.length + normal.heldOut.length);

  const version = calibratedVersion(manifest.version, context.now());
  const calibration: Calibration = {
    calibrated_at: context.now().toISOString(),
    from_version: manifest.version,
    previous_threshold: manifest.threshold,
    on,
    share,
    set_on: { recordings: found.set.normals, low: found.set.low, high: found.set.high },
    held_out: found.held_out,
  };
  await writeCalibrated('--out', out, model, { version, threshold, calibration });
  const { name } = manifest;
  context.terminal.out(
    json === true
      ? JSON.stringify({ model: name, version, threshold, folder: resolve(out), calibration, unread })
      : calibrationText({ name, version, threshold, folder: out, calibration, set: found.set }),
  );
  return unread.length > 0 ? EXIT.failed : EXIT.ok;
}

/** @throws InvalidInput when so few recordings set no threshold, or none judges it */
function checkedThreshold({ set, held_out }: SetThreshold, all: number): number {
  const { threshold, needed, normals, share } = set;
  if (threshold === null) {
    throw new InvalidInput(
      `A threshold for ${Number((share * 100).toPrecision(6))} % takes ${needed} normal recordings in the two thirds that set it, some ${Math.ceil(needed * 1.5)} in all; there are ${normals} of ${all}. Nothing was written.`,
    );
  }
  if (held_out.now.flagged === null) {
    throw new InvalidInput(`None of ${all} normal recordings is held out to judge it. Nothing was written.`);
  }
  return threshold;
}
