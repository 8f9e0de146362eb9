import { Argument } from 'commander';
import { examples } from './options.js';
import type { RunPresentation } from './runs/run-view.js';

/** How commands name a run. */
export function runArgument(runs: readonly RunPresentation[]): Argument {
  const targets = runs.flatMap((one) => one.targets);
  return new Argument(
    `<${[...targets.map(({ name }) => name), 'workflow_id'].join('|')}>`,
    [...targets.map(({ about }) => about), "or a run's workflow id"].join(', '),
  );
}

/** @param command before the run's name, e.g. `vachan status` */
export function runExamples(runs: readonly RunPresentation[], command: string, ...more: string[]): string {
  const targets = runs.flatMap(({ exampleTargets }) => exampleTargets);
  return examples(...targets.map((target) => `${command} ${target}`), ...more);
}
