import { Argument, Command } from 'commander';
import { EXIT } from '../../../../commands/context.js';
import { examples } from '../../../../commands/options.js';
import type { InterviewsCommand } from '../context.js';
import { NAMED } from '../named.js';

export const watchCommand: InterviewsCommand = (context, end) =>
  new Command('watch')
    .summary('follow an interview until its jobs have ended')
    .description('Says when a job of the interview changes its state, until all have ended.')
    .addArgument(new Argument('<interview>', NAMED))
    .option('--json', 'print each change as a JSON line')
    .addHelpText(
      'after',
      `\nExit code: ${EXIT.ok} all completed, ${EXIT.failed} one failed, ${EXIT.detached} left with Ctrl-C.`,
    )
    .addHelpText('after', examples('vachan interviews watch 4711'))
    .action(async (interview: string, options: { json?: boolean }) => {
      const { watchInterview } = await import('../watch-interview.js');
      end(await watchInterview(context, interview, options));
    });
