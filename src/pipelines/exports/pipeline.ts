import type { Pipeline } from '../pipeline.js';
import { exportsDoctor } from './checks/doctor.js';
import { exportsCommands } from './cli/commands.js';
import { exportsClients, type ExportsClients } from './cli/context.js';
import { exportsDeadLetters } from './cli/dead-letters/present-messages.js';
import { exportsRuns } from './cli/runs/present-run.js';
import { orchestratorTaskQueue, workTaskQueue } from './contract/names.js';
import { EXPORT_SEARCH_ATTRIBUTES } from './contract/search-attributes.js';
import { EXPORTS_SECRET_WORDS } from './log-events.js';

/** @param clients what its commands reach; tests hand in their own */
export function createExports(clients: ExportsClients = exportsClients): Pipeline {
  return {
    name: 'exports',
    settings: async () => (await import('./settings/index.js')).EXPORTS_SETTING_GROUPS,
    connect: async (lent) => {
      const [{ connectExports }, { exportsActivities }] = await Promise.all([
        import('./process/connect.js'),
        import('../../activities/exports/exports-activities.js'),
      ]);
      return connectExports(lent, exportsActivities);
    },
    about:
      'Brings the files of export jobs to S3: downloads ZIP archives, checks every entry and uploads it once.',
    examples: [
      'vachan exports start 4711         # process an export, and watch',
      'vachan exports inspect some.zip   # what the reader says of an archive, no servers needed',
    ],
    taskQueue: orchestratorTaskQueue,
    roles: (base) => [
      { name: 'Orchestrators of exports', taskQueue: orchestratorTaskQueue(base) },
      { name: 'Download workers', taskQueue: workTaskQueue(orchestratorTaskQueue(base)) },
    ],
    searchAttributes: Object.values(EXPORT_SEARCH_ATTRIBUTES).map(({ name }) => name),
    secretWords: EXPORTS_SECRET_WORDS,
    runs: exportsRuns,
    deadLetters: exportsDeadLetters,
    webhooks: {
      open: async (environment) => (await import('./events/open-events.js')).openEvents(environment),
    },
    doctor: exportsDoctor,
    commands: exportsCommands(clients),
  };
}

export const exportsPipeline = createExports();
