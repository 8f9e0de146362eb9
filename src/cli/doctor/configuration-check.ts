import { ok, type Check, type Finding } from '../../commands/finding.js';
import { BASE_SETTINGS } from '../../platform/config/base-settings.js';
import type { Environment } from '../../platform/config/environment.js';
import { isGiven } from '../../platform/config/load-settings.js';
import { loadServed, type PipelineSettings } from '../../platform/config/served-pipelines.js';
import type { SettingsTable } from '../../platform/config/settings-table.js';
import { ConfigurationError } from '../../platform/errors.js';

/** All settings together, as a worker reads them at its start. */
export function configurationCheck(environment: Environment, pipelines: readonly PipelineSettings[]): Check {
  const name = 'Configuration';
  const todo = 'Set them in the environment or in .env; docs/configuration.md describes each.';
  return {
    name,
    todo,
    run: () => {
      try {
        const { served } = loadServed(environment, BASE_SETTINGS, pipelines);
        const table = Object.assign(
          {},
          BASE_SETTINGS,
          ...served.map(({ settings }) => settings),
        ) as SettingsTable;
        const given = Object.keys(table).filter((setting) => isGiven(environment, setting));
        return Promise.resolve([ok(name, `${given.length} settings given, the others have defaults`)]);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const [, ...problems] = error.message.split('\n').map((line) => line.replace(/^ *- /, ''));
        const findings = problems.map((text): Finding => ({ check: name, status: 'problem', detail: text }));
        // Once, below the last, for what to do is the same for all.
        return Promise.resolve(
          findings.map((one, index) => (index === findings.length - 1 ? { ...one, todo } : one)),
        );
      }
    },
  };
}
