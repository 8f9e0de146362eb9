import type { Command } from 'commander';
import type { Client } from '@temporalio/client';
import type { CliContext, ExitCode } from '../../../commands/context.js';
import type { Environment } from '../../../platform/config/environment.js';
import type { InterviewsAccess } from './open-interviews.js';

/** What the commands of interviews reach besides; tests hand in their own. */
export interface InterviewsClients {
  connectTemporal: (environment: Environment) => Promise<Client>;
  /** What MongoDB and S3 keep of interviews. @throws ConfigurationError */
  openInterviews: (environment: Environment) => Promise<InterviewsAccess>;
}

export type InterviewsContext = CliContext & InterviewsClients;

/** Makes a command that reaches what interviews have. */
export type InterviewsCommand = (context: InterviewsContext, end: (code: ExitCode) => void) => Command;

/** The real ones, each loaded by the command that needs it. */
export const interviewsClients: InterviewsClients = {
  connectTemporal: async (environment) => {
    const [{ BASE_SETTINGS }, { loadSettings }, { pick }, { connectClient }] = await Promise.all([
      import('../../../platform/config/base-settings.js'),
      import('../../../platform/config/load-settings.js'),
      import('../../../platform/config/settings-table.js'),
      import('../../../temporal/connection.js'),
    ]);
    const settings = loadSettings(environment, pick(BASE_SETTINGS, 'PAYLOAD_ENCRYPTION_KEYS'));
    return connectClient(settings.PAYLOAD_ENCRYPTION_KEYS);
  },
  openInterviews: async (environment) => {
    const { openInterviews } = await import('./open-interviews.js');
    return openInterviews(environment);
  },
};
