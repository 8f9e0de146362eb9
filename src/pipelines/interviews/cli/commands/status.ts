import { Argument, Command } from 'commander';
import { EXIT } from '../../../../commands/context.js';
import { examples } from '../../../../commands/options.js';
import type { InterviewsCommand } from '../context.js';
import { NAMED } from '../named.js';

export const statusCommand: InterviewsCommand = (context, end) =>
  new Command('status')
    .summary('show an interview, or how the queue is')
    .description(
      'Shows the jobs of an interview, what was measured of them, and what the world was told; without an interview how many jobs are in which state, and how many worker processes are alive.',
    )
    .addArgument(new Argument('[interview]', NAMED))
    .option('--json', 'print it as one JSON line')
    .addHelpText(
      'after',
      `\nExit code of an interview: ${EXIT.failed} where a job has failed, ${EXIT.ok} otherwise. Job states: waiting (for its object), ready (for a place, or another attempt), processing, failed, completed.`,
    )
    .addHelpText(
      'after',
      examples('vachan interviews status', 'vachan interviews status 4711 --json | jq ".results[].speech"'),
    )
    .action(async (interview: string | undefined, options: { json?: boolean }) => {
      if (interview === undefined) end(await (await import('../show-queue.js')).showQueue(context, options));
      else end(await (await import('../show-interview.js')).showInterview(context, interview, options));
    });
