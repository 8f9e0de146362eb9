import { join } from 'node:path';
import type { InterviewType } from '#vachan/pipelines/interviews/contract/job.js';
import type { ExpectedOutcome } from './media/expected-outcome.js';
import { mediaFolder, REPORTED } from './media/known-media.js';
import { LABELLED, labelledMedium } from './media/labelled-media.js';
import type { SeededMedium } from './seeded-interview.js';

/** A medium that the application inserts, under its file's name. */
export function knownMedium(type: InterviewType, file: string): SeededMedium {
  return { ...mediumOf(type, fileName(file), outcomeOf(type, file)), content: fixture(file) };
}

/** A medium without an object. */
export function mediumOf(type: InterviewType, key: string, outcome: ExpectedOutcome): SeededMedium {
  return { type, key, outcome, door: 'insert', content: undefined };
}

export const fileName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

export const fixture = (file: string): { file: string } => ({ file: join(mediaFolder(), file) });

/** @throws Error for a file of which nobody has said how it ends */
export function outcomeOf(type: InterviewType, file: string): ExpectedOutcome {
  const labelled = LABELLED.find((name) => name === file);
  const medium =
    labelled === undefined ? REPORTED.find((one) => one.file === file) : labelledMedium(labelled);
  const outcome = medium?.outcomes[type];
  if (outcome === undefined) throw new Error(`It is not known how ${type} of ${file} ends`);
  return outcome;
}
