import { CommandMisused } from '../../../../commands/command-misused.js';
import { EXIT, type ExitCode } from '../../../../commands/context.js';
import { count } from '../../../../commands/words.js';
import { InvalidInput } from '../../../../platform/errors.js';
import { createReview, type Review } from '../../review/review.js';
import type { RandomFrom } from '../../review/sample.js';
import type { ResultOfDate, ReviewSample } from '../../review/sample-reader.js';
import { startReviewServer } from '../../review/server/review-server.js';
import { openVerdictFile } from '../../review/verdicts/verdict-file.js';
import type { RecordingsContext } from '../context.js';
import { readResultSettings } from '../report/result-settings.js';
import { sourceCollection, testDateOr } from '../runs/run-target.js';
import { openBrowser } from './open-browser.js';
import { openSounds } from './open-sounds.js';
import { afterwards, beforehand, nothingToReview } from './review-words.js';

export interface ReviewOptions {
  top?: number;
  random: number;
  randomFrom: RandomFrom;
  seed: number;
  out?: string;
  /** Undefined: a free one. */
  port?: number;
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
  const wanted = wantedSample(options);
  const collection = sourceCollection(environment);
  const settings = readResultSettings(environment);
  const out = options.out ?? `review-${testDate}.csv`;
  const file = await openVerdictFile(out);
  try {
    const reader = await context.openSampleReader(settings);
    let sample: ReviewSample;
    let here: ResultOfDate[];
    try {
      sample = await reader.read({ testDate, sourceCollection: collection, ...wanted });
      here = await reader.ofDate(testDate, collection, [...file.verdicts.keys()]);
    } finally {
      await reader.close();
    }
    if (sample.recordings.length === 0) {
      terminal.err(
        `vachan: ${nothingToReview(testDate, collection, settings.MONGO_RESULT_COLLECTION, sample)}`,
      );
      return EXIT.failed;
    }
    const strangers = file.verdicts.size - here.length;
    if (strangers > 0 && strangers === file.verdicts.size) {
      throw new InvalidInput(
        `${file.path} holds ${count(strangers, 'verdict')}, none on a recording of ${testDate}; name another file with --out.`,
      );
    }
    for (const note of beforehand(testDate, wanted, sample, file, here)) terminal.err(note);
    const interrupted = new Promise<void>((resolve) => context.onInterrupt(resolve));
    const opened = await openSounds(context);
    try {
      const review = createReview({
        testDate,
        drawn: { top: sample.top, random: sample.random, randomFrom: wanted.randomFrom },
        recordings: sample.recordings,
        sounds: opened.sounds,
        file,
        now: context.now,
      });
      await serve(context, review, opened.folder, options, interrupted);
      const left = review.verdicts().filter((verdict) => verdict === null).length;
      for (const line of afterwards(testDate, file, left, out)) terminal.err(line);
      return left === 0 ? EXIT.ok : EXIT.stopped;
    } finally {
      await opened.close();
    }
  } finally {
    await file.close();
  }
}

const MOST_ANOMALOUS = 50;

/** @throws CommandMisused for a sample that is empty, or that would be taken for another kind */
function wantedSample({ top: given, random, randomFrom, seed }: ReviewOptions) {
  const top = given ?? (randomFrom === 'all' ? 0 : MOST_ANOMALOUS);
  if (randomFrom === 'all' && top > 0) {
    throw new CommandMisused(
      `--random-from all and --top ${top} exclude each other: no result may be in both, and a threshold from a sample without the highest scores would be too low.`,
    );
  }
  if (top + random === 0) {
    throw new CommandMisused('--top and --random are both 0; there would be nothing to review.');
  }
  return { top, random, randomFrom, seed };
}

async function serve(
  { terminal, readEnvironment }: RecordingsContext,
  review: Review,
  folder: string,
  options: ReviewOptions,
  interrupted: Promise<void>,
): Promise<void> {
  const server = await startReviewServer(review, options.port ?? 0);
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
