import { Argument, Command } from 'commander';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { InterviewsCommand } from '../context.js';

/** An activity notices within a heartbeat or two that it is cancelled. */
const DEFAULT_WAIT_SECONDS = 60;

export interface EraseOptions {
  yes?: boolean;
  json?: boolean;
  waitSeconds: number;
}

export const eraseCommand: InterviewsCommand = (context, end) =>
  new Command('erase')
    .summary('erase all that is kept of an interview')
    .description(
      'Refuses the interview from now on, ends its workflows and deletes its jobs, parts, results and events. Recordings in S3 belong to the upstream application and stay. It may be repeated.',
    )
    .addArgument(new Argument('<interview>', 'the interview’s id, exactly'))
    .option('-y, --yes', 'do not ask')
    .option(
      '--wait-seconds <n>',
      'how long its workflows may take to end by themselves',
      wholeNumber({ min: 1, max: 3_600 }),
      DEFAULT_WAIT_SECONDS,
    )
    .option('--json', 'print what was deleted as one JSON line')
    .addHelpText(
      'after',
      examples('vachan interviews erase 4711', 'vachan interviews erase 4711 --yes --json'),
    )
    .action(async (interview: string, options: EraseOptions) => {
      const { eraseByCommand } = await import('../erase-interview.js');
      end(await eraseByCommand(context, interview, options));
    });
