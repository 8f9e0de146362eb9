import type { Environment } from './environment.js';
import { isGiven, readSettings, refuseIfAny, shownValue } from './load-settings.js';
import { PROCESS_SETTINGS } from './settings/process-settings.js';
import { pick, type SettingsOf, type SettingsTable } from './settings-table.js';

/** What has to be known of a pipeline here. */
export interface PipelineSettings {
  name: string;
  settings: SettingsTable;
}

/**
 * Which of the pipelines a process serves: those that `PIPELINES` names, else each that any of its own settings names.
 * A setting that two pipelines take is neither's own.
 *
 * @returns the pipelines, in their order, and what is wrong with the choice, as whole sentences
 */
export function servedPipelines<Pipeline extends PipelineSettings>(
  environment: Environment,
  pipelines: readonly Pipeline[],
): { served: Pipeline[]; problems: string[] } {
  const { values, problems } = readSettings(environment, [pick(PROCESS_SETTINGS, 'PIPELINES')]);
  if (problems.length > 0) return { served: [], problems };
  const named = (values['PIPELINES'] as string[]).map((name) => name.toLowerCase());
  const known = pipelines.map(({ name }) => name);
  if (named.length > 0) {
    const unknown = named.filter((name) => !known.includes(name));
    return {
      served: pipelines.filter(({ name }) => named.includes(name)),
      problems: unknown.map(
        (name) =>
          `PIPELINES names ${shownValue(name)}; it takes a comma-separated list of ${known.join(', ')}.`,
      ),
    };
  }
  const served = pipelines.filter((pipeline) =>
    ownNames(pipeline, pipelines).some((name) => isGiven(environment, name)),
  );
  const choices = pipelines.map((pipeline) => `${pipeline.name} (${requiredNames(pipeline).join(', ')})`);
  return {
    served,
    problems:
      served.length > 0
        ? []
        : [`No pipeline is served: set PIPELINES, or what one of them needs: ${choices.join('; ')}.`],
  };
}

/**
 * The settings of a process: the base's, and those of the pipelines that it serves.
 *
 * @throws ConfigurationError once, with everything that is wrong
 */
export function loadServed<Base extends SettingsTable, Pipeline extends PipelineSettings>(
  environment: Environment,
  base: Base,
  pipelines: readonly Pipeline[],
): { served: Pipeline[]; settings: SettingsOf<Base> & Readonly<Record<string, unknown>> } {
  const { served, problems: choice } = servedPipelines(environment, pipelines);
  const tables = [base, ...served.map(({ settings }) => settings)];
  const { values, problems } = readSettings(environment, tables);
  refuseIfAny([...new Set([...choice, ...problems])]);
  return { served, settings: values as SettingsOf<Base> };
}

function ownNames<Pipeline extends PipelineSettings>(
  pipeline: Pipeline,
  pipelines: readonly Pipeline[],
): string[] {
  const others = pipelines.filter((other) => other !== pipeline);
  return Object.keys(pipeline.settings).filter(
    (name) => !others.some(({ settings }) => Object.hasOwn(settings, name)),
  );
}

function requiredNames({ settings }: PipelineSettings): string[] {
  return Object.keys(settings).filter((name) => settings[name]!.required);
}
