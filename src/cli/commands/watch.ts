import { Command } from 'commander';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { examples } from '../../commands/options.js';
import { RUN_ARGUMENT, RUN_ARGUMENT_ABOUT } from '../../commands/run-argument.js';
import { exitCodesOfWaiting } from '../../commands/waiting.js';

export const watchCommand: CommandDefinition = (context, end) =>
  new Command('watch')
    .summary('watch a run on the terminal')
    .description(
      'Shows a run live: progress, rate, time left, lanes, queue, outcomes and failures by cause. Ctrl-C leaves, and the run goes on. In a pipe it writes a line now and then. NO_COLOR=1 turns colours off.',
    )
    .argument(RUN_ARGUMENT, RUN_ARGUMENT_ABOUT)
    .addHelpText('after', exitCodesOfWaiting)
    .addHelpText('after', examples('vachan watch 2025-12-20', 'vachan watch ingest:vachan-recordings'))
    .action(async (target: string) => {
      const { watchRun } = await import('../watch/watch-run.js');
      end(await watchRun(context, target));
    });
