import { Argument, Command } from 'commander';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { InterviewsCommand } from '../context.js';
import { NAMED } from '../named.js';
import type { ResendOptions } from '../resend-events.js';

export const resendCommand: InterviewsCommand = (context, end) =>
  new Command('resend')
    .summary('send events of interviews again')
    .description(
      'Sends the last event that says how an interview ended again, and failures of its jobs that were not delivered. One that waits for its next try is tried now. Each keeps its webhook-id.',
    )
    .addArgument(new Argument('[interview]', NAMED))
    .option('--revision <n>', 'the event of this revision alone', wholeNumber({ min: 1, max: 1_000_000 }))
    .option('--undelivered', 'of all interviews, what never arrived: given up, or kept without an endpoint')
    .option('--json', 'print what is sent as one JSON line')
    .addHelpText('after', '\nExit code: 1 where no event is sent.')
    .addHelpText(
      'after',
      examples(
        'vachan interviews resend 4711',
        'vachan interviews resend --undelivered   # the receiver is back after days',
      ),
    )
    .action(async (name: string | undefined, options: ResendOptions) => {
      const { resendEvents } = await import('../resend-events.js');
      end(await resendEvents(context, name, options));
    });
