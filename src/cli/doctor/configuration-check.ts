import { ok, type Check, type Finding } from '../../commands/finding.js';
import { BASE_SETTINGS } from '../../platform/config/base-settings.js';
import type { Environment } from '../../platform/config/environment.js';
import { isGiven } from '../../platform/config/load-settings.js';
import { loadServed, type PipelineSettings } from '../../platform/config/served-pipelines.js';
import type { SettingsTable } from '../../platform/config/settings-table.js';
import { ConfigurationError } from '../../platform/errors.js';

const NAME = 'Configuration';

/** All settings together, as a worker reads them at its start. */
export function configurationCheck(environment: Environment, pipelines: readonly PipelineSettings[]): Check {
  return {
    name: NAME,
    todo: whatToDo('Set'),
    run: () => {
      try {
        const { served } = loadServed(environment, BASE_SETTINGS, pipelines);
        const table = Object.assign(
          {},
          BASE_SETTINGS,
          ...served.map(({ settings }) => settings),
        ) as SettingsTable;
        const given = Object.keys(table).filter((setting) => isGiven(environment, setting));
        return Promise.resolve([ok(NAME, `${given.length} settings given, the others have defaults`)]);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const [, ...problems] = error.message.split('\n').map((line) => line.replace(/^ *- /, ''));
        return Promise.resolve(findingsOf(problems));
      }
    },
  };
}

/** Alone, where nobody can say which pipelines' settings and servers count. */
export function choiceCheck(problems: readonly string[]): Check {
  return { name: NAME, todo: whatToDo('Correct'), run: () => Promise.resolve(findingsOf(problems)) };
}

function findingsOf(problems: readonly string[]): Finding[] {
  const missing = problems.filter((text) => / is not set; |^No pipeline is served/.test(text)).length;
  const verb = missing === 0 ? 'Correct' : missing === problems.length ? 'Set' : 'Set or correct';
  const todo = whatToDo(verb, problems.length);
  // Once, below the last, for what to do is the same for all.
  return problems.map((detail, index) => ({
    ...{ check: NAME, status: 'problem', detail },
    ...(index === problems.length - 1 && { todo }),
  }));
}

function whatToDo(verb: 'Set' | 'Correct' | 'Set or correct', settings = 2): string {
  return `${verb} ${settings === 1 ? 'it' : 'them'} in the environment or in .env; docs/configuration.md describes each.`;
}
