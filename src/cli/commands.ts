import type { CommandGroups } from '../commands/command-definition.js';
import type { Pipeline } from '../pipelines/pipeline.js';
import { codecServerCommand } from './commands/codec-server.js';
import { dlqCommand } from './commands/dlq.js';
import { doctorCommand } from './commands/doctor.js';
import { runControls } from './commands/run-controls.js';
import { statusCommand } from './commands/status.js';
import { watchCommand } from './commands/watch.js';
import { webhookCommand } from './commands/webhook.js';

/** The commands that suit every pipeline, under the headings of `--help`. */
export function generalCommands(pipelines: readonly Pipeline[]): CommandGroups {
  const runs = pipelines.map((pipeline) => pipeline.runs);
  return {
    'Runs:': [statusCommand(runs), watchCommand(runs), ...runControls(runs)],
    'Queue:': [dlqCommand(pipelines)],
    'Events:': [webhookCommand(pipelines)],
    'Set-up:': [doctorCommand(pipelines), codecServerCommand],
  };
}
