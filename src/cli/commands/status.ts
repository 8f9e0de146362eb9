import { Command } from 'commander';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { runArgument, runExamples } from '../../commands/run-argument.js';
import type { RunPresentation } from '../../commands/runs/run-view.js';

export function statusCommand(runs: readonly RunPresentation[]): CommandDefinition {
  const [target = 'WORKFLOW_ID'] = runs.flatMap(({ exampleTargets }) => exampleTargets);
  return (context, end) =>
    new Command('status')
      .summary('show how far a run is')
      .description('Shows a run, under way or ended. Exit code 1 if it failed.')
      .addArgument(runArgument(runs))
      .option('--json', 'print it as one JSON line')
      .addHelpText(
        'after',
        runExamples(runs, 'vachan status', `vachan status ${target} --json | jq .summary.outcomes`),
      )
      .action(async (given: string, options: { json?: boolean }) => {
        const { showStatus } = await import('../runs/show-status.js');
        end(await showStatus(context, runs, given, options.json === true));
      });
}
