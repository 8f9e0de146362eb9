import { Command } from 'commander';
import type { RecordingsCommand } from '../context.js';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { ReportOptions } from '../report/write-report.js';

/** A page of more is read by nobody, and takes minutes to draw. */
const TOP_BOUNDS = { min: 0, max: 200 };
/** S3 signs for seven days at the most. */
const LINK_HOURS_BOUNDS = { min: 1, max: 168 };

export const reportCommand: RecordingsCommand = (context, end) =>
  new Command('report')
    .summary("write a date's results as one HTML page")
    .description(
      "Writes a page that needs nothing but itself: outcomes, scores, throughput, failures by cause, drift, and the most anomalous recordings with pictures of their sound. It holds no names, student ids or schools; the file can be read by its owner only.\n\nPictures need the recordings: they are fetched with this machine's permissions, drawn, and deleted.",
    )
    .argument('[test_date]', 'as YYYY-MM-DD (default: TEST_DATE)')
    .option('--out <file>', 'where to write it (default: report-<test_date>.html)')
    .option('--top <n>', 'how many of the most anomalous recordings to show', wholeNumber(TOP_BOUNDS), 12)
    .option('--no-audio', 'read no recording: no pictures')
    .option(
      '--audio-links',
      'add players, whose addresses let anyone who has the file hear the recordings until they expire',
    )
    .option('--link-hours <n>', 'how long those addresses work', wholeNumber(LINK_HOURS_BOUNDS), 12)
    .option('--time-zone <zone>', "of the page's times, e.g. Asia/Kolkata (default: this machine's)")
    .addHelpText(
      'after',
      examples(
        'vachan report 2025-12-20',
        'vachan report 2025-12-20 --out report.html --top 30 --time-zone Asia/Kolkata',
        'vachan report 2025-12-20 --no-audio      # without pictures, in seconds',
        'vachan report 2025-12-20 --audio-links   # with players, for 12 hours',
      ),
    )
    .action(async (given: string | undefined, options: ReportOptions) => {
      const { writeReport } = await import('../report/write-report.js');
      end(await writeReport(context, given, options));
    });
