import { Command } from 'commander';
import type { CommandGroups } from '../../../commands/command-definition.js';
import { reprocessCommand, retryCommand } from './commands/begin-anew.js';
import { analyseCommand } from './commands/analyse.js';
import { addCommand } from './commands/add.js';
import { eraseCommand } from './commands/erase.js';
import { listCommand } from './commands/list.js';
import { reportCommand } from './commands/report.js';
import { resendCommand } from './commands/resend.js';
import { statusCommand } from './commands/status.js';
import { watchCommand } from './commands/watch.js';
import { webhookTestCommand } from './commands/webhook-test.js';
import { interviewsClients, type InterviewsClients } from './context.js';

const COMMANDS = [
  addCommand,
  listCommand,
  statusCommand,
  watchCommand,
  reportCommand,
  retryCommand,
  reprocessCommand,
  resendCommand,
  webhookTestCommand,
  eraseCommand,
];

/** `vachan interviews …`, and what works on local files. */
export function interviewsCommands(clients: InterviewsClients = interviewsClients): CommandGroups {
  return {
    'Runs:': [
      (context, end) => {
        const command = new Command('interviews')
          .summary('add, follow and erase interviews')
          .description('Works on interviews: adds their jobs, shows what was measured, erases them.');
        for (const define of COMMANDS) command.addCommand(define({ ...context, ...clients }, end));
        return command;
      },
    ],
    'Local interviews:': [(context, end) => analyseCommand({ ...context, ...clients }, end)],
  };
}
