import { BATCH_ID_START, inferenceTaskQueue, orchestratorTaskQueue } from './contract/names.js';
import type { Pipeline } from '../pipeline.js';
import { recordingsDoctor } from './checks/doctor.js';
import { recordingsDeadLetters } from './cli/dead-letters/present-messages.js';
import { recordingsCommands } from './cli/commands.js';
import { recordingsClients, type RecordingsClients } from './cli/context.js';
import { recordingsRuns } from './cli/runs/present-run.js';
import { RECORDINGS_SECRET_WORDS } from './log-events.js';
import { SEARCH_ATTRIBUTES } from './contract/search-attributes.js';

/** @param clients what its commands reach; tests hand in their own */
export function createRecordings(clients: RecordingsClients = recordingsClients): Pipeline {
  return {
    name: 'recordings',
    settings: async () => (await import('./settings/index.js')).RECORDINGS_SETTING_GROUPS,
    connect: async (lent) => {
      const [{ connectRecordings }, { createOrchestratorActivities, createWorkerActivities }] =
        await Promise.all([
          import('./process/connect.js'),
          import('../../activities/recordings/create-activities.js'),
        ]);
      return connectRecordings(lent, {
        orchestrator: ({ config, dependencies, metrics, tracing, log }, workerPlaces) =>
          createOrchestratorActivities(config, dependencies, workerPlaces, metrics, tracing, log),
        worker:
          ({ config, dependencies, metrics, tracing, log }) =>
          (clients) =>
            createWorkerActivities(config, dependencies, { ...clients, metrics, tracing }, log),
      });
    },
    about: 'Scores reading-assessment recordings for audio anomalies.',
    examples: [
      'vachan start 2025-12-20           # score a date, and watch',
      'vachan score samples/*.mp3        # score local files, no servers needed',
    ],
    taskQueue: orchestratorTaskQueue,
    roles: (base) => [
      { name: 'Orchestrators of recordings', taskQueue: orchestratorTaskQueue(base) },
      { name: 'Inference workers', taskQueue: inferenceTaskQueue(orchestratorTaskQueue(base)) },
    ],
    searchAttributes: Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name),
    batchIdStart: BATCH_ID_START,
    secretWords: RECORDINGS_SECRET_WORDS,
    runs: recordingsRuns,
    deadLetters: recordingsDeadLetters,
    doctor: recordingsDoctor,
    commands: recordingsCommands(clients),
  };
}

export const recordings = createRecordings();
