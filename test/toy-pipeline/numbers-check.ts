import { ok, type Check } from '#vachan/commands/finding.js';
import type { Environment } from '#vachan/platform/config/environment.js';
import { loadSettings } from '#vachan/platform/config/load-settings.js';
import { connectNumbers } from './numbers.js';
import { readToySettings, toySettings } from './settings.js';

/** `vachan doctor`: the database of the numbers answers. */
export function numbersCheck(pipeline: string, environment: Environment): Check {
  return {
    name: `Numbers of ${pipeline}`,
    todo: 'Check MONGO_URI, and that the database lets this machine in.',
    run: async () => {
      const numbers = connectNumbers(
        readToySettings(pipeline, loadSettings(environment, toySettings(pipeline))),
      );
      try {
        await numbers.ping();
        return [ok(`Numbers of ${pipeline}`, 'the database answers')];
      } finally {
        await numbers.close();
      }
    },
  };
}
