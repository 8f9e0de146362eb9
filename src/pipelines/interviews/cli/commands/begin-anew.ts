import { Argument, Command } from 'commander';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { ReprocessOptions, RetryOptions } from '../begin-anew.js';
import type { InterviewsCommand } from '../context.js';
import { NAMED } from '../named.js';

export const retryCommand: InterviewsCommand = (context, end) =>
  new Command('retry')
    .summary('begin failed jobs anew')
    .description(
      'Begins the failed jobs of an interview anew, as their next revision, with all attempts. A job that has not failed is left alone.',
    )
    .addArgument(new Argument('<interview>', NAMED))
    .option('--json', 'print what was begun as one JSON line')
    .addHelpText('after', examples('vachan interviews retry 4711', 'vachan interviews watch 4711'))
    .action(async (interview: string, options: RetryOptions) => {
      const { retryJobs } = await import('../begin-anew.js');
      end(await retryJobs(context, interview, options));
    });

export const reprocessCommand: InterviewsCommand = (context, end) =>
  new Command('reprocess')
    .summary('analyse again what has ended')
    .description(
      'Begins ended jobs anew: those of an interview, or all whose result an older engine has made. The new result takes the place of the old one.',
    )
    .addArgument(new Argument('[interview]', NAMED))
    .option(
      '--engine-version-below <version>',
      'all completed jobs whose result has a lower engine_version',
      wholeNumber({ min: 1, max: 1_000_000 }),
    )
    .option('--json', 'print what was begun as one JSON line')
    .addHelpText(
      'after',
      examples('vachan interviews reprocess 4711', 'vachan interviews reprocess --engine-version-below 2'),
    )
    .action(async (interview: string | undefined, options: ReprocessOptions) => {
      const { reprocessJobs } = await import('../begin-anew.js');
      end(await reprocessJobs(context, interview, options));
    });
