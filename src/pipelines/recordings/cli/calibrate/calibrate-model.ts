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
import { readModelFiles, type ModelFiles } from '../../model/model-files.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';
import type { RecordingsContext } from '../context.js';
import { tellUnread } from '../evaluate/tell-unread.js';
import { calibrationText } from './calibration-text.js';
import { checkEmpty } from './empty-folder.js';
import { gatherDate, gatherLabelled, type GatheredScores } from './gather-scores.js';
import { gatherVerdicts } from './gather-verdicts.js';
import { tellNotes } from './tell-notes.js';

export interface CalibrateOptions {
  from?: string;
  testDate?: string;
  verdicts?: string;
  /** Of normal recordings, where somebody has said which are. */
  falseAlarms?: number;
  /** Of all results of a date. */
  share?: number;
  model?: string;
  out: string;
  json?: boolean;
}

/** What is wished for where nobody says. */
const DEFAULT_SHARE = 0.02;

/** Writes a new version of a model with a threshold for a share of false alarms. Exit code 1 when recordings or verdicts had to be left out unread. */
export async function calibrateModel(
  context: RecordingsContext,
  { model: given, out, json, ...options }: CalibrateOptions,
): Promise<ExitCode> {
  const gather = sourceOf(options);
  const share = options.falseAlarms ?? options.share ?? DEFAULT_SHARE;
  await checkEmpty('--out', out);
  const { MODEL_PATH } = loadSettings(context.readEnvironment(), pick(RECORDINGS_SETTINGS, 'MODEL_PATH'));
  const model = await readModelFiles(given === undefined ? modelFolder(MODEL_PATH) : resolve(given));
  const { manifest } = model;
  const gathered = await gather(context, model);
  const { normal, anomalous, on, unread, left_out, notes } = gathered;
  const found = setThreshold(normal, anomalous, share, manifest.threshold);
  if (json !== true) {
    tellNotes(context.terminal, gathered);
    tellUnread(context.terminal, unread);
  }
  const threshold = checkedThreshold(found, normal.setting.length + normal.heldOut.length, on);

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
      ? JSON.stringify({
          model: name,
          version,
          threshold,
          folder: resolve(out),
          calibration,
          unread,
          left_out,
          notes,
        })
      : calibrationText({ name, version, threshold, folder: out, calibration, set: found.set }),
  );
  return unread.length > 0 || (left_out?.not_found ?? 0) > 0 ? EXIT.failed : EXIT.ok;
}

type Gather = (context: RecordingsContext, model: ModelFiles) => Promise<GatheredScores>;

/** @throws CommandMisused unless the options name one source, and the share in its words */
function sourceOf({ from, testDate, verdicts, falseAlarms, share }: Omit<CalibrateOptions, 'out'>): Gather {
  if (falseAlarms !== undefined && share !== undefined) {
    throw new CommandMisused('Expected either --false-alarms or --share.');
  }
  if (verdicts !== undefined && from === undefined) {
    if (share !== undefined) {
      throw new CommandMisused('--share is of all results of a date; with --verdicts give --false-alarms.');
    }
    return (context, model) => gatherVerdicts(context, verdicts, testDate, model);
  }
  if ([from, testDate, verdicts].filter((source) => source !== undefined).length !== 1) {
    throw new CommandMisused(
      'Expected either --from with a CSV of labels or --test-date, the latter with --verdicts where somebody has reviewed the date.',
    );
  }
  if (from !== undefined && share !== undefined) {
    throw new CommandMisused('--share is of all results of a date; with --from give --false-alarms.');
  }
  if (from !== undefined) return (context, model) => gatherLabelled(context, from, model);
  if (falseAlarms !== undefined) {
    throw new CommandMisused(
      '--false-alarms takes --from or --verdicts, which say what is normal; for all results of a date give --share.',
    );
  }
  return (context, model) => gatherDate(context, testDate!, model);
}

/** @throws InvalidInput when so few recordings set no threshold, or none judges it */
function checkedThreshold({ set, held_out }: SetThreshold, all: number, on: Calibration['on']): number {
  const { threshold, needed, normals, share } = set;
  if (threshold === null) {
    throw new InvalidInput(
      `A threshold for ${Number((share * 100).toPrecision(6))} % takes ${needed} normal recordings in the two thirds that set it, some ${Math.ceil(needed * 1.5)} in all; there are ${normals} of ${all}.${'verdicts' in on ? ' Of verdicts, those on results drawn at random count.' : ''} Nothing was written.`,
    );
  }
  if (held_out.now.flagged === null) {
    throw new InvalidInput(`None of ${all} normal recordings is held out to judge it. Nothing was written.`);
  }
  return threshold;
}
