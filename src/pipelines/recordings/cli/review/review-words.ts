import { count } from '../../../../commands/words.js';
import type { RandomFrom } from '../../review/sample.js';
import type { ResultOfDate, ReviewSample } from '../../review/sample-reader.js';
import { VERDICTS } from '../../review/verdicts/verdict-csv.js';
import type { VerdictFile } from '../../review/verdicts/verdict-file.js';

type Verdicts = Pick<VerdictFile, 'path' | 'verdicts' | 'torn'>;
type Wanted = { top: number; random: number; randomFrom: RandomFrom };

export function nothingToReview(
  testDate: string,
  collection: string,
  results: string,
  sample: ReviewSample,
): string {
  return sample.results === 0
    ? `${testDate} has no results of ${collection} in ${results}.`
    : `${testDate} has ${count(sample.results, 'result')}, and none that was asked for; see --top, --random and --random-from.`;
}

/**
 * What a reviewer should know before they begin, in sentences.
 *
 * @param here which of the file's verdicts are on results of this date
 */
export function beforehand(
  testDate: string,
  wanted: Wanted,
  { recordings, results, models, top, random }: ReviewSample,
  file: Verdicts,
  here: readonly ResultOfDate[],
): string[] {
  const known = recordings.filter(({ id }) => file.verdicts.has(id)).length;
  const strangers = file.verdicts.size - here.length;
  const besides = file.verdicts.size - known - strangers;
  const otherwise = recordings.filter(({ id, sample }) => {
    const before = file.verdicts.get(id);
    return before !== undefined && before.sample !== sample;
  }).length;
  const from = wanted.randomFrom === 'all' ? 'all' : 'those that the model took for normal';
  const lines = [
    `${testDate}: ${count(recordings.length, 'recording')} of ${count(results, 'result')}, ${top} with the highest scores and ${random} drawn from ${from}.`,
  ];
  if (top < wanted.top || random < wanted.random) {
    lines.push(`Asked for were ${wanted.top} and ${wanted.random}: the date has no more.`);
  }
  if (models.length > 1) {
    const each = models.map(({ name, version, recordings: own }) => `${name} ${version} (${own})`);
    lines.push(
      `The date was scored by ${each.join(', ')}: scores of different models do not compare, and the highest may be one model's.`,
    );
  }
  if (file.torn) {
    lines.push(`${file.path} broke off in its last line, which is left out; its other verdicts are kept.`);
  }
  if (known > 0) {
    const open = recordings.length - known;
    lines.push(
      `${file.path} has verdicts on ${known} of them; ${open > 0 ? `the review goes on with the other ${open}` : 'all are judged, and may be judged anew'}.`,
    );
  }
  if (otherwise > 0) {
    lines.push(
      `${file.path} has ${otherwise} of them as chosen in another way, and keeps that: \`vachan evaluate\` weighs verdicts by it, so a sample of another kind is better given a file of its own.`,
    );
  }
  if (wanted.random > 0 && drawnElsewhere(wanted.randomFrom, file, here)) {
    lines.push(
      `${file.path} has results drawn from ${wanted.randomFrom === 'all' ? 'those that the model took for normal' : 'all'}, and this sample is drawn from ${from}: no threshold holds for both together, so give it a file of its own with --out.`,
    );
  }
  if (besides > 0) lines.push(`${file.path} has ${besides} on other recordings of this date, which stay.`);
  if (strangers > 0) lines.push(`${file.path} has ${strangers} on no recording of this date, which stay.`);
  return lines;
}

/**
 * Whether the file's random results were drawn from elsewhere, as far as it tells: only a sample drawn from all has flagged ones among them, and only one
 * drawn from the others has the highest scores beside them.
 */
function drawnElsewhere(from: RandomFrom, { verdicts }: Verdicts, here: readonly ResultOfDate[]): boolean {
  const drawn = here.filter(({ id }) => verdicts.get(id)?.sample === 'random');
  const fromAll = drawn.some(({ flagged }) => flagged);
  if (from === 'normal') return fromAll;
  return drawn.length > 0 && !fromAll && here.some(({ id }) => verdicts.get(id)?.sample === 'top');
}

/**
 * What was written where, and the next command.
 *
 * @param left how many of the sample have no verdict
 * @param out the file as it was named
 */
export function afterwards(testDate: string, file: Verdicts, left: number, out: string): string[] {
  const all = [...file.verdicts.values()];
  if (all.length === 0) return ['No verdict was given; nothing was written.'];
  const each = VERDICTS.map((word) => `${all.filter(({ verdict }) => verdict === word).length} ${word}`);
  const lines = [`${file.path} has ${count(all.length, 'verdict')}: ${each.join(', ')}.`];
  if (left > 0) {
    lines.push(
      `${count(left, 'recording')} of the sample ${left === 1 ? 'has' : 'have'} none; the same command goes on with ${left === 1 ? 'it' : 'them'}.`,
    );
  }
  lines.push(`Next: vachan evaluate --test-date ${testDate} --verdicts ${inShell(out)}`);
  return lines;
}

/** A word of a command line, in quotes where it needs them. */
function inShell(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
