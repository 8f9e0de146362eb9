import type { Command } from 'commander';
import type { Client } from '@temporalio/client';
import type { CliContext, ExitCode } from '../../../commands/context.js';
import type { Environment } from '../../../platform/config/environment.js';
import type { JobAccess } from './open-jobs.js';

/** What the commands of exports reach besides; tests hand in their own. */
export interface ExportsClients {
  /** Temporal itself, for lists and for words that only jobs know. */
  connectTemporal: (environment: Environment) => Promise<Client>;
  /** What S3 keeps of jobs. @throws ConfigurationError */
  openJobs: (environment: Environment) => Promise<JobAccess>;
}

export type ExportsContext = CliContext & ExportsClients;

/** Makes a command that reaches what exports have. */
export type ExportsCommand = (context: ExportsContext, end: (code: ExitCode) => void) => Command;

/** The real ones, each loaded by the command that needs it. */
export const exportsClients: ExportsClients = {
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
  openJobs: async (environment) => {
    const { openJobs } = await import('./open-jobs.js');
    return openJobs(environment);
  },
};
