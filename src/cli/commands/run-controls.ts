import { Command } from 'commander';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { runArgument, runExamples } from '../../commands/run-argument.js';
import type { RunPresentation } from '../../commands/runs/run-view.js';
import type { RunSignal } from '../../temporal/runs/runs.js';

/** `pause`, `resume` and `drain`. */
export function runControls(runs: readonly RunPresentation[]): CommandDefinition[] {
  return CONTROLS.map(
    ({ signal, summary, description }) =>
      (context, end) =>
        new Command(signal)
          .summary(summary)
          .description(description)
          .addArgument(runArgument(runs))
          .option('--json', 'print what was done as one JSON line')
          .addHelpText('after', runExamples(runs, `vachan ${signal}`))
          .action(async (target: string, options: { json?: boolean }) => {
            const { sendSignal } = await import('../runs/control-run.js');
            end(await sendSignal(context, runs, target, signal, options.json === true));
          }),
  );
}

const CONTROLS: readonly { signal: RunSignal; summary: string; description: string }[] = [
  {
    signal: 'pause',
    summary: 'start nothing new in a run',
    description: 'Lets a run start nothing new until `vachan resume`; what is under way finishes.',
  },
  {
    signal: 'resume',
    summary: 'let a paused run go on',
    description: 'Lets a paused run go on where it stands.',
  },
  {
    signal: 'drain',
    summary: 'bring a run to an early end',
    description:
      'Lets a run finish what is under way (batches, or the tasks of an export that were sent) and end as `stopped`.\nThe rest stays where it is: starting the date again, or `vachan exports retry`, goes on with it.',
  },
];
