import { CommandMisused } from '../../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../../commands/context.js';
import { count } from '../../../../commands/words.js';
import { loadSettings } from '../../../../platform/config/load-settings.js';
import { pick } from '../../../../platform/config/settings-table.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { createReview, type Review } from '../../review/review.js';
import type { ReviewSample } from '../../review/sample-reader.js';
import { startReviewServer } from '../../review/server/review-server.js';
import { VERDICTS } from '../../review/verdicts/verdict-csv.js';
import { openVerdictFile, type VerdictFile } from '../../review/verdicts/verdict-file.js';
import { RECORDINGS_SETTINGS } from '../../settings/index.js';
import type { RecordingsContext } from '../context.js';
import { sourceCollection, testDateOr } from '../runs/run-target.js';
import { openBrowser } from './open-browser.js';
import { openSounds } from './open-sounds.js';

export interface ReviewOptions {
  top: number;
  random: number;
  seed: number;
  out?: string;
  port: number;
  open: boolean;
}

/** Serves a review until the reviewer finishes it or Ctrl-C. */
export async function runReview(
  context: RecordingsContext,
  given: string | undefined,
  options: ReviewOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const environment = context.readEnvironment();
  const testDate = testDateOr(given, environment);
  if (options.top + options.random === 0) {
    throw new CommandMisused('--top and --random are both 0; there would be nothing to review.');
  }
  const collection = sourceCollection(environment);
  const settings = loadSettings(
    environment,
    pick(
      RECORDINGS_SETTINGS,
      'MONGO_URI',
      'MONGO_TLS',
      'MONGO_TLS_CA',
      'MONGO_DB_NAME',
      'MONGO_RESULT_COLLECTION',
    ),
  );
  const out = options.out ?? `review-${testDate}.csv`;
  const file = await openVerdictFile(out);
  try {
    const reader = await context.openSampleReader(settings);
    let sample: ReviewSample;
    let strangers: number;
    try {
      sample = await reader.read({ ...options, testDate, sourceCollection: collection });
      const here = await reader.ofDate(testDate, collection, [...file.verdicts.keys()]);
      strangers = file.verdicts.size - here.length;
    } finally {
      await reader.close();
    }
    if (sample.recordings.length === 0) {
      terminal.err(`vachan: ${nothing(testDate, collection, settings.MONGO_RESULT_COLLECTION, sample)}`);
      return EXIT.failed;
    }
    if (strangers > 0 && strangers === file.verdicts.size) {
      throw new InvalidInput(
        `${file.path} holds ${count(strangers, 'verdict')}, none on a recording of ${testDate}; name another file with --out.`,
      );
    }
    for (const note of notes(testDate, options, sample, file, strangers)) terminal.err(note);
    const interrupted = new Promise<void>((resolve) => context.onInterrupt(resolve));
    const opened = await openSounds(context);
    try {
      const review = createReview({
        testDate,
        recordings: sample.recordings,
        sounds: opened.sounds,
        file,
        now: context.now,
      });
      await serve(context, review, opened.folder, options, interrupted);
      return tellEnd(context, review, file, testDate, out);
    } finally {
      await opened.close();
    }
  } finally {
    await file.close();
  }
}

async function serve(
  { terminal, readEnvironment }: RecordingsContext,
  review: Review,
  folder: string,
  options: ReviewOptions,
  interrupted: Promise<void>,
): Promise<void> {
  const server = await startReviewServer(review, options.port);
  try {
    terminal.out(server.url);
    terminal.err(
      'The page is for this machine and this address alone. It is served until you finish there, or Ctrl-C.',
    );
    if (options.open) await openBrowser(server.url, folder, readEnvironment());
    await Promise.race([server.finished, interrupted]);
  } finally {
    await server.close();
  }
}

function nothing(testDate: string, collection: string, results: string, sample: ReviewSample): string {
  return sample.results === 0
    ? `${testDate} has no results of ${collection} in ${results}.`
    : `${testDate} has ${count(sample.results, 'result')}, and none that was asked for; see --top and --random.`;
}

/** What a reviewer should know before they begin. */
function notes(
  testDate: string,
  { top, random }: ReviewOptions,
  { recordings, results, models }: ReviewSample,
  file: VerdictFile,
  strangers: number,
): string[] {
  const highest = recordings.filter(({ sample }) => sample === 'top').length;
  const chance = recordings.length - highest;
  const known = recordings.filter(({ id }) => file.verdicts.has(id)).length;
  const besides = file.verdicts.size - known - strangers;
  return [
    `${testDate}: ${count(recordings.length, 'recording')} of ${count(results, 'result')}, ${highest} with the highest scores and ${chance} drawn from the other normal ones.`,
    ...(highest < top || chance < random
      ? [`Asked for were ${top} and ${random}: the date has no more.`]
      : []),
    ...(models.length > 1
      ? [
          `The date was scored by ${models.map(({ name, version, recordings: own }) => `${name} ${version} (${own})`).join(', ')}: scores of different models do not compare, and the highest may be one model's.`,
        ]
      : []),
    ...(file.torn
      ? [`${file.path} broke off in its last line, which is left out; its other verdicts are kept.`]
      : []),
    ...(known > 0
      ? [
          `${file.path} has verdicts on ${known} of them; the review goes on with the other ${recordings.length - known}.`,
        ]
      : []),
    ...(besides > 0 ? [`It has ${besides} on other recordings of this date, which stay.`] : []),
    ...(strangers > 0 ? [`It has ${strangers} on no recording of this date, which stay.`] : []),
  ];
}

function tellEnd(
  { terminal }: RecordingsContext,
  review: Review,
  file: VerdictFile,
  testDate: string,
  out: string,
): ExitCode {
  const all = [...file.verdicts.values()];
  const left = review.verdicts().filter((verdict) => verdict === null).length;
  if (all.length === 0) {
    terminal.err('No verdict was given; nothing was written.');
    return EXIT.stopped;
  }
  const each = VERDICTS.map((word) => `${all.filter(({ verdict }) => verdict === word).length} ${word}`);
  terminal.err(`${file.path} has ${count(all.length, 'verdict')}: ${each.join(', ')}.`);
  const quoted = /^[\w./-]+$/.test(out) ? out : `'${out.replaceAll("'", `'\\''`)}'`;
  if (left > 0) {
    terminal.err(
      `${count(left, 'recording')} of the sample ${left === 1 ? 'has' : 'have'} none; the same command goes on with them.`,
    );
  }
  terminal.err(`Next: vachan evaluate --test-date ${testDate} --verdicts ${quoted}`);
  return left === 0 ? EXIT.ok : EXIT.stopped;
}
