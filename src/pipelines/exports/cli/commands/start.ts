import { Argument, Command, Option } from 'commander';
import { examples } from '../../../../commands/options.js';
import { addWaitOptions, exitCodesOfWaiting } from '../../../../commands/waiting.js';
import type { WaitOptions } from '../../../../commands/runs/start-run.js';
import { PRIORITIES, type Priority } from '../../contract/priority.js';
import type { ExportsCommand } from '../context.js';
import { sourceOption, type SourceOption } from '../job-argument.js';

interface StartOptions extends WaitOptions, SourceOption {
  priority?: Priority;
  correlationId?: string;
  force?: boolean;
}

const ID = 'an export id, or a job’s workflow id';

export const startCommand: ExportsCommand = (context, end) => {
  const command = new Command('start')
    .summary('process exports')
    .description(
      'Starts a job for each export, as a message of the jobs queue would.\n\nWaits for the end of one unless --detach is given; several are started and left. A job that is running is joined, not started twice; one that has ended well stays as it is.',
    )
    .addArgument(new Argument('<id...>', ID))
    .addOption(sourceOption())
    .addOption(new Option('--priority <priority>', 'which tasks go first').choices(PRIORITIES))
    .option('--correlation-id <id>', "named in every log line and every call of the job's")
    .option('--force', 'another attempt at a job that ended as partial or cancelled');
  addWaitOptions(command);
  return command
    .addHelpText('after', exitCodesOfWaiting)
    .addHelpText(
      'after',
      examples('vachan exports start 4711', 'vachan exports start 4711 4712 --priority high --json'),
    )
    .action(async (ids: string[], options: StartOptions) => {
      const { startJobs } = await import('../start-jobs.js');
      end(await startJobs(context, ids, options));
    });
};

export const retryCommand: ExportsCommand = (context, end) => {
  const command = new Command('retry')
    .summary('start another attempt at a job that has ended')
    .description(
      'Starts the next attempt: what is settled is kept, and what failed or was rejected is done again. A job that succeeded has nothing left to do.',
    )
    .addArgument(new Argument('<id>', ID))
    .addOption(sourceOption());
  addWaitOptions(command);
  return command
    .addHelpText('after', exitCodesOfWaiting)
    .addHelpText('after', examples('vachan exports retry 4711', 'vachan exports retry 4711 --detach'))
    .action(async (id: string, options: StartOptions) => {
      const { startJobs } = await import('../start-jobs.js');
      end(await startJobs(context, [id], { ...options, force: true }));
    });
};
