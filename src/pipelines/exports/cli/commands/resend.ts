import { Argument, Command } from 'commander';
import { examples, wholeNumber } from '../../../../commands/options.js';
import type { ExportsCommand } from '../context.js';
import { sourceOption } from '../job-argument.js';
import type { ResendOptions } from '../resend-event.js';

export const resendCommand: ExportsCommand = (context, end) =>
  new Command('resend')
    .summary('send the event of an ended job again')
    .description('Posts again, under the same webhook-id, how a job ended: that of its latest attempt.')
    .addArgument(new Argument('<id>', 'an export id, or a job’s workflow id'))
    .addOption(sourceOption())
    .option('--attempt <n>', 'of an earlier attempt', wholeNumber({ min: 1, max: 100_000 }))
    .option('--json', 'print what is sent as one JSON line')
    .addHelpText('after', examples('vachan exports resend 4711', 'vachan webhook log --status undelivered'))
    .action(async (id: string, options: ResendOptions) => {
      const { resendEvent } = await import('../resend-event.js');
      end(await resendEvent(context, id, options));
    });
