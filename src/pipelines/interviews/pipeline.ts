import type { Pipeline } from '../pipeline.js';
import { interviewsDoctor } from './checks/doctor.js';
import { interviewsCommands } from './cli/commands.js';
import { interviewsDeadLetters } from './cli/dead-letters/present-messages.js';
import { interviewsRuns } from './cli/runs/present-run.js';
import { orchestratorTaskQueue, workTaskQueue } from './contract/names.js';
import { INTERVIEWS_SECRET_WORDS } from './log-events.js';

export const interviews: Pipeline = {
  name: 'interviews',
  settings: async () => (await import('./settings/index.js')).INTERVIEWS_SETTING_GROUPS,
  connect: async (lent) => {
    const [{ connectInterviews }, { interviewsActivities }] = await Promise.all([
      import('./process/connect.js'),
      import('../../activities/interviews/interviews-activities.js'),
    ]);
    return connectInterviews(lent, interviewsActivities);
  },
  about:
    'Measures interviews on video and audio: waits for each medium, analyses it in bounded memory, and tells the world once.',
  examples: [
    'vachan interviews status          # how many jobs are in which state',
    'vachan analyse some.webm          # measure a local file, no servers needed',
  ],
  taskQueue: orchestratorTaskQueue,
  roles: (base) => [
    { name: 'Orchestrators of interviews', taskQueue: orchestratorTaskQueue(base) },
    { name: 'Media workers', taskQueue: workTaskQueue(orchestratorTaskQueue(base)) },
  ],
  searchAttributes: [],
  secretWords: INTERVIEWS_SECRET_WORDS,
  runs: interviewsRuns,
  deadLetters: interviewsDeadLetters,
  doctor: interviewsDoctor,
  webhooks: {
    open: async (environment) => (await import('./events/open-events.js')).openEvents(environment),
  },
  commands: interviewsCommands(),
};
