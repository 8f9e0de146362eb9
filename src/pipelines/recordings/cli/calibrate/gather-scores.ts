import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InvalidInput } from '../../../../platform/errors.js';
import { readLabels } from '../../evaluation/labels/labels-csv.js';
import { divide, type DividedScores } from '../../evaluation/set-threshold.js';
import { baseVersion } from '../../model/calibration/calibrated-version.js';
import type { Calibration } from '../../model/calibration/calibration-block.js';
import type { ModelFiles } from '../../model/model-files.js';
import type { RecordingsContext } from '../context.js';
import type { JoinedVerdicts } from '../evaluate/join-verdicts.js';
import { scoreLabels, type UnreadRecording } from '../evaluate/score-labels.js';
import { readResultSettings } from '../report/result-settings.js';
import { sourceCollection, testDateOr } from '../runs/run-target.js';

/** Scores by the model that is calibrated, and where they are from. */
export interface GatheredScores {
  normal: DividedScores;
  /** None where nobody has said which recordings are. */
  anomalous: number[];
  on: Calibration['on'];
  unread: UnreadRecording[];
  /** Verdicts that neither set nor judge the threshold, by why. */
  left_out?: JoinedVerdicts['left_out'] & { not_drawn: number };
  /** What the threshold rests on, in sentences. */
  notes?: string[];
}

/**
 * Scores labelled recordings.
 *
 * @throws CommandMisused when the CSV cannot be used
 * @throws InvalidInput after Ctrl-C, or when the model's folder was changed meanwhile
 */
export async function gatherLabelled(
  context: RecordingsContext,
  path: string,
  { folder, manifest }: ModelFiles,
): Promise<GatheredScores> {
  const labels = readLabels(path);
  const labels_sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  const { model, scored, unread } = await scoreLabels(context, labels, folder);
  if (model.name !== manifest.name || model.version !== manifest.version) {
    throw new InvalidInput(`The model in ${folder} was changed meanwhile: try again.`);
  }
  const normal: DividedScores = { setting: [], heldOut: [] };
  const anomalous: number[] = [];
  for (const { label, inference } of scored) {
    if (label.anomalous) anomalous.push(inference.anomaly_score);
    else divide(normal, label.group ?? label.name, inference.anomaly_score);
  }
  return {
    normal,
    anomalous,
    on: { labels: basename(path), labels_sha256, rows: labels.length, unread: unread.length },
    unread,
  };
}

/**
 * Reads the scores in a date's results; only those that the model's artefacts have made, whatever the threshold was.
 *
 * @throws InvalidInput when the date has none
 * @throws DependencyUnavailable when MongoDB does not answer
 */
export async function gatherDate(
  context: RecordingsContext,
  given: string,
  { manifest }: ModelFiles,
): Promise<GatheredScores> {
  const environment = context.readEnvironment();
  const testDate = testDateOr(given, environment);
  const collection = sourceCollection(environment);
  const settings = readResultSettings(environment);
  const base = baseVersion(manifest.version);
  const normal: DividedScores = { setting: [], heldOut: [] };
  let left_out = 0;
  const reader = await context.openScoreReader(settings);
  try {
    for await (const result of reader.scores({ testDate, sourceCollection: collection })) {
      if (result.modelName === manifest.name && baseVersion(result.modelVersion) === base) {
        divide(normal, result.id, result.score);
      } else left_out++;
    }
  } finally {
    await reader.close();
  }
  const results = normal.setting.length + normal.heldOut.length;
  if (results === 0) {
    const others = left_out === 0 ? '' : `; ${left_out} are by other models`;
    throw new InvalidInput(
      `${testDate} has no results of ${collection} that ${manifest.name} ${base} has scored${others}.`,
    );
  }
  return {
    normal,
    anomalous: [],
    on: { test_date: testDate, source_collection: collection, results, left_out },
    unread: [],
  };
}
