import { Command, Option } from 'commander';
import { EXIT } from '../../../../commands/context.js';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { ReviewOptions } from '../review/run-review.js';
import { RANDOM_FROM } from '../../review/sample.js';
import type { RecordingsCommand } from '../context.js';

/** An afternoon of listening is a few hundred. */
const SAMPLE_BOUNDS = { min: 0, max: 1_000 };
const SEED_BOUNDS = { min: 0, max: 2 ** 31 - 1 };
const PORT_BOUNDS = { min: 0, max: 65_535 };

export const reviewCommand: RecordingsCommand = (context, end) =>
  new Command('review')
    .summary("have a person judge a sample of a date's recordings")
    .description(
      "Serves a page to this machine's browser that plays the most anomalous recordings of a date and a random sample of normal ones, mixed and without saying which is which. Verdicts are given by keyboard (N normal, A anomalous, U unsure) and each is on disk at once, in a CSV that `vachan evaluate` reads. Started again with the same file, it goes on with what is missing.\n\nRecordings are fetched with this machine's permissions, decoded here, and never leave it.",
    )
    .argument('[test_date]', 'as YYYY-MM-DD (default: TEST_DATE)')
    .option(
      '--top <n>',
      'how many of the most anomalous recordings (default: 50, or 0 with --random-from all)',
      wholeNumber(SAMPLE_BOUNDS),
    )
    .option('--random <n>', 'how many drawn by chance', wholeNumber(SAMPLE_BOUNDS), 50)
    .addOption(
      new Option('--random-from <which>', 'from what: results that the model took for normal, or all')
        .choices(RANDOM_FROM)
        .default('normal'),
    )
    .option('--seed <n>', 'chooses the random sample and the order', wholeNumber(SEED_BOUNDS), 1)
    .option('--out <file>', 'where verdicts go (default: review-<test_date>.csv)')
    .option('--port <n>', 'of the page, on loopback (default: a free one)', wholeNumber(PORT_BOUNDS))
    .option('--no-open', 'open no browser: the address is printed either way')
    .addHelpText(
      'after',
      `${examples(
        'vachan review 2025-12-20',
        'vachan review 2025-12-20 --top 20 --random 80 --seed 7 --out mine.csv',
        'vachan review 2025-12-20 --random 200 --random-from all   # what a threshold is derived from',
        'vachan review 2025-12-20 --port 8400 --no-open   # from elsewhere: ssh -L 8400:127.0.0.1:8400 HOST',
      )}

Exit code: ${EXIT.ok} all judged, ${EXIT.failed} failed, or no results, ${EXIT.stopped} ended before all were judged.`,
    )
    .action(async (given: string | undefined, options: ReviewOptions) => {
      const { runReview } = await import('../review/run-review.js');
      end(await runReview(context, given, options));
    });
