import { Command } from 'commander';
import type { CommandDefinition } from '../../commands/command-definition.js';
import { examples } from '../../commands/options.js';
import type { RunSignal } from '../../temporal/runs/runs.js';
import { RUN_ARGUMENT, RUN_ARGUMENT_ABOUT } from '../../commands/run-argument.js';

function signalCommand(signal: RunSignal, summary: string, description: string): CommandDefinition {
  return (context, end) =>
    new Command(signal)
      .summary(summary)
      .description(description)
      .argument(RUN_ARGUMENT, RUN_ARGUMENT_ABOUT)
      .option('--json', 'print what was done as one JSON line')
      .addHelpText(
        'after',
        examples(`vachan ${signal} 2025-12-20`, `vachan ${signal} ingest:vachan-recordings`),
      )
      .action(async (target: string, options: { json?: boolean }) => {
        const { sendSignal } = await import('../runs/steer-run.js');
        end(await sendSignal(context, target, signal, options.json === true));
      });
}

export const pauseCommand = signalCommand(
  'pause',
  'start nothing new in a run',
  'Lets a run start nothing new until `vachan resume`; batches under way finish.',
);

export const resumeCommand = signalCommand(
  'resume',
  'let a paused run go on',
  'Lets a paused run go on where it stands.',
);

export const drainCommand = signalCommand(
  'drain',
  'bring a run to an early end',
  'Lets a run finish the batches under way and end as `stopped`. What waits in the queue stays there; starting the\ndate again goes on with it.',
);
