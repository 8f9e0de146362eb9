import { Argument, Command } from 'commander';
import { EXIT } from '../../../../commands/context.js';
import { examples } from '../../../../commands/options.js';
import type { InterviewsCommand } from '../context.js';
import { NAMED } from '../named.js';

export interface ReportOptions {
  out?: string;
}

export const reportCommand: InterviewsCommand = (context, end) =>
  new Command('report')
    .summary('write an interview as one HTML page')
    .description(
      'Writes one page that needs nothing but itself: a timeline of faces, turns, speech, pauses and loudness for each medium, the transcript, and how all of it was measured. It holds no sound and no pictures.',
    )
    .addArgument(new Argument('<interview>', NAMED))
    .option('-o, --out <file>', 'where it goes (default: interview-report.html)')
    .addHelpText(
      'after',
      `\nExit code: ${EXIT.failed} where there is no result to show; the page is written all the same, and says why.`,
    )
    .addHelpText('after', examples('vachan interviews report 4711 --out interview-4711.html'))
    .action(async (interview: string, options: ReportOptions) => {
      const { writeReport } = await import('../write-report.js');
      end(await writeReport(context, interview, options));
    });
