import { readVerdicts } from '../../evaluation/labels/verdicts-csv.js';
import type { ScoresOf } from '../../results/score-reader.js';
import type { RecordingsContext } from '../context.js';
import { readResultSettings } from '../report/result-settings.js';
import { sourceCollection, testDateOr } from '../runs/run-target.js';
import { joinVerdicts, type JoinedVerdicts } from './join-verdicts.js';

/** A reviewer's CSV and the date's results that it is about. */
export interface OpenedReview extends JoinedVerdicts {
  of: ScoresOf;
  /** Of the CSV, whatever they say. */
  rows: number;
}

/**
 * Reads a reviewer's CSV and joins it with the date's results.
 *
 * @param given the test date; TEST_DATE without it
 * @param artefacts as {@link joinVerdicts} takes them
 * @throws CommandMisused when the CSV cannot be used, or is about no result of the date
 * @throws DependencyUnavailable when MongoDB does not answer
 */
export async function openReview(
  context: RecordingsContext,
  path: string,
  given: string | undefined,
  artefacts?: { name: string; version: string },
): Promise<OpenedReview> {
  const environment = context.readEnvironment();
  const testDate = testDateOr(given, environment);
  const verdicts = readVerdicts(path);
  const settings = readResultSettings(environment);
  const of = { testDate, sourceCollection: sourceCollection(environment) };
  const reader = await context.openScoreReader(settings);
  const joined = await joinVerdicts(reader, of, verdicts, artefacts).finally(() => reader.close());
  return { ...joined, of, rows: verdicts.length };
}
