import { Command } from 'commander';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { examples } from '../../commands/options.js';
import { RUN_ARGUMENT, RUN_ARGUMENT_ABOUT } from '../../commands/run-argument.js';

export const statusCommand: CommandDefinition = (context, end) =>
  new Command('status')
    .summary('show how far a run is')
    .description('Shows a run, under way or ended. Exit code 1 if it failed.')
    .argument(RUN_ARGUMENT, RUN_ARGUMENT_ABOUT)
    .option('--json', 'print it as one JSON line')
    .addHelpText(
      'after',
      examples(
        'vachan status 2025-12-20',
        'vachan status ingest:vachan-recordings',
        'vachan status 2025-12-20 --json | jq .summary.outcomes',
      ),
    )
    .action(async (target: string, options: { json?: boolean }) => {
      const { showStatus } = await import('../runs/steer-run.js');
      end(await showStatus(context, target, options.json === true));
    });
