import type { Pipeline } from '#vachan/pipelines/pipeline.js';
import { toyCommands } from './commands.js';
import { toyRuns } from './present-run.js';

/** Squares numbers: the smallest pipeline there can be, without a queue and without a worker role. */
export function createToy(name: string): Pipeline {
  return {
    name,
    about: 'Squares numbers.',
    examples: [`vachan ${name}-total              # the squares so far, added up`],
    settings: async () => (await import('./settings.js')).toySettingGroups(name),
    taskQueue: (base) => `${base}-${name}`,
    roles: (base) => [{ name: 'Orchestrator', taskQueue: `${base}-${name}` }],
    searchAttributes: [],
    secretWords: { names: [], lists: [] },
    commands: toyCommands(name),
    runs: toyRuns(name),
    connect: async (lent) => (await import('./connect.js')).connectToy(name, lent),
    doctor: {
      examples: [],
      addOptions: (command) => command,
      checks: async (environment) => [(await import('./numbers-check.js')).numbersCheck(name, environment)],
    },
  };
}
