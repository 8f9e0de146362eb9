import { Command } from 'commander';
import type { CommandGroups } from '../../../commands/command-definition.js';
import { cancelCommand } from './commands/cancel.js';
import { inspectCommand } from './commands/inspect.js';
import { listCommand } from './commands/list.js';
import { planCommand } from './commands/plan.js';
import { rejectsCommand } from './commands/rejects.js';
import { resendCommand } from './commands/resend.js';
import { retryCommand, startCommand } from './commands/start.js';
import { statusCommand } from './commands/status.js';
import { verifyCommand } from './commands/verify.js';
import { watchCommand } from './commands/watch.js';
import type { ExportsClients } from './context.js';

const COMMANDS = [
  startCommand,
  listCommand,
  statusCommand,
  watchCommand,
  cancelCommand,
  retryCommand,
  resendCommand,
  planCommand,
  rejectsCommand,
  verifyCommand,
  inspectCommand,
];

/** `vachan exports …`. */
export function exportsCommands(clients: ExportsClients): CommandGroups {
  return {
    'Runs:': [
      (context, end) => {
        const command = new Command('exports')
          .summary('start, watch and check export jobs')
          .description('Works on export jobs: starts them, shows what became of them, and checks archives.');
        for (const define of COMMANDS) command.addCommand(define({ ...context, ...clients }, end));
        return command;
      },
    ],
  };
}
