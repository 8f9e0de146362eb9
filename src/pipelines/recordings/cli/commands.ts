import type { CommandGroups } from '../../../commands/command-definition.js';
import { calibrateCommand } from './commands/calibrate.js';
import { evaluateCommand } from './commands/evaluate.js';
import { ingestCommand } from './commands/ingest.js';
import { planCommand } from './commands/plan.js';
import { pushAudioUrlsCommand } from './commands/push-audio-urls.js';
import { featuresCommand, scoreCommand } from './commands/recordings.js';
import { reportCommand } from './commands/report.js';
import { reviewCommand } from './commands/review.js';
import { scheduleCommand } from './commands/schedule.js';
import { seedSqsCommand } from './commands/seed-sqs.js';
import { setLimitsCommand } from './commands/set-limits.js';
import { startCommand } from './commands/start.js';
import type { RecordingsClients, RecordingsCommand } from './context.js';

/** The commands of recordings under the headings of `--help`. */
export function recordingsCommands(clients: RecordingsClients): CommandGroups {
  const reaching = (...commands: RecordingsCommand[]): CommandGroups[string] =>
    commands.map((define) => (context, end) => define({ ...context, ...clients }, end));
  return {
    'Runs:': reaching(
      startCommand,
      ingestCommand,
      reportCommand,
      reviewCommand,
      setLimitsCommand,
      scheduleCommand,
    ),
    'Queue:': reaching(pushAudioUrlsCommand, seedSqsCommand),
    'Local recordings:': reaching(scoreCommand, featuresCommand),
    'Model:': reaching(evaluateCommand, calibrateCommand),
    'Set-up:': reaching(planCommand),
  };
}
