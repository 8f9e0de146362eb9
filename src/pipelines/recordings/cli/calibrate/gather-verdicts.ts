import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InvalidInput } from '../../../../platform/errors.js';
import { thousands } from '../../../../commands/words.js';
import { divide, type DividedScores } from '../../evaluation/set-threshold.js';
import type { ModelFiles } from '../../model/model-files.js';
import type { RecordingsContext } from '../context.js';
import { unevenlyDrawn } from '../evaluate/drawn-from-all.js';
import { openReview, type OpenedReview } from '../evaluate/open-review.js';
import type { GatheredScores } from './gather-scores.js';

/**
 * Reads the scores of results that a reviewer has judged. Those alone that were drawn at random from all of the date's results set the threshold
 * and judge it: what was chosen for its high score would put the threshold too high, what was drawn below the threshold too low.
 *
 * @throws CommandMisused when the CSV cannot be used, or is about no result of the date that the model's artefacts have scored
 * @throws InvalidInput when no judged result stands for the date
 * @throws DependencyUnavailable when MongoDB does not answer
 */
export async function gatherVerdicts(
  context: RecordingsContext,
  path: string,
  given: string | undefined,
  { manifest }: ModelFiles,
): Promise<GatheredScores> {
  const review = await openReview(context, path, given, manifest);
  const { of, rows, recordings, representative, left_out } = review;
  if (representative.length === 0) throw notDrawn(review);
  const normal: DividedScores = { setting: [], heldOut: [] };
  for (const { anomalous, name, score } of representative) {
    if (!anomalous) divide(normal, name, score);
  }
  const bytes = await readFile(path);
  return {
    normal,
    anomalous: representative.filter(({ anomalous }) => anomalous).map(({ score }) => score),
    on: {
      verdicts: basename(path),
      verdicts_sha256: createHash('sha256').update(bytes).digest('hex'),
      test_date: of.testDate,
      source_collection: of.sourceCollection,
      rows,
      left_out: rows - representative.length,
    },
    unread: [],
    left_out: { ...left_out, not_drawn: recordings.length - representative.length },
    notes: notesOf(review),
  };
}

function notDrawn({ recordings, model: { flagged, passed }, of }: OpenedReview): InvalidInput {
  return new InvalidInput(
    `Of ${thousands(recordings.length)} judged results none stands for the date's ${thousands(flagged + passed)}: either none was drawn at random (column sample), or none of those was flagged, and the highest scores of normal recordings are missing. \`vachan review ${of.testDate} --random 200 --random-from all\` draws from all. Nothing was written.`,
  );
}

function notesOf({ says_how, representative, model }: OpenedReview): string[] {
  if (!says_how) {
    return [
      'The file does not say how results were chosen (column sample: top or random): the threshold holds only if they were drawn at random from all of the date.',
    ];
  }
  const note = unevenlyDrawn(representative, model);
  return note === undefined ? [] : [note];
}
