import { Command } from 'commander';
import type { CommandDefinition, CommandGroups } from '#vachan/commands/command-definition.js';
import { EXIT } from '#vachan/commands/context.js';
import { loadSettings } from '#vachan/platform/config/load-settings.js';
import { readToySettings, toySettings } from './settings.js';

/** `vachan <pipeline>-total`: the squares that there are, added up. */
export function toyCommands(pipeline: string): CommandGroups {
  const total: CommandDefinition = (context, end) =>
    new Command(`${pipeline}-total`).summary('add up the squares').action(async () => {
      const { connectNumbers } = await import('./numbers.js');
      const settings = loadSettings(context.readEnvironment(), toySettings(pipeline));
      const numbers = connectNumbers(readToySettings(pipeline, settings));
      try {
        context.terminal.out(JSON.stringify(await numbers.total()));
        end(EXIT.ok);
      } finally {
        await numbers.close();
      }
    });
  return { Numbers: [total] };
}
