import { Command } from 'commander';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { runArgument, runExamples } from '../../commands/run-argument.js';
import type { RunPresentation } from '../../commands/runs/run-view.js';
import { exitCodesOfWaiting } from '../../commands/waiting.js';

export function watchCommand(runs: readonly RunPresentation[]): CommandDefinition {
  return (context, end) =>
    new Command('watch')
      .summary('watch a run on the terminal')
      .description(
        'Shows a run live: progress, rate, time left, lanes, queue, outcomes and failures by cause. Ctrl-C leaves, and the run goes on. In a pipe it writes a line now and then. NO_COLOR=1 turns colours off.',
      )
      .addArgument(runArgument(runs))
      .addHelpText('after', exitCodesOfWaiting)
      .addHelpText('after', runExamples(runs, 'vachan watch'))
      .action(async (target: string) => {
        const { watchRun } = await import('../../commands/watch/watch-run.js');
        end(await watchRun(context, runs, target));
      });
}
