import { Command, CommanderError } from 'commander';
import { ownVersion } from '../platform/own-version.js';
import { EXIT, type CliContext, type ExitCode } from './context.js';
import { tellFailure } from './failures.js';
import type { CommandDefinition } from './command-definition.js';
import { codecServerCommand } from './commands/codec-server.js';
import { dlqCommand } from './commands/dlq.js';
import { doctorCommand } from './commands/doctor.js';
import { ingestCommand } from '../pipelines/recordings/cli/commands/ingest.js';
import { planCommand } from '../pipelines/recordings/cli/commands/plan.js';
import { pushAudioUrlsCommand } from '../pipelines/recordings/cli/commands/push-audio-urls.js';
import { featuresCommand, scoreCommand } from '../pipelines/recordings/cli/commands/recordings.js';
import { scheduleCommand } from '../pipelines/recordings/cli/commands/schedule.js';
import { reportCommand } from '../pipelines/recordings/cli/commands/report.js';
import { seedSqsCommand } from '../pipelines/recordings/cli/commands/seed-sqs.js';
import { setLimitsCommand } from '../pipelines/recordings/cli/commands/set-limits.js';
import { startCommand } from '../pipelines/recordings/cli/commands/start.js';
import { statusCommand } from './commands/status.js';
import { drainCommand, pauseCommand, resumeCommand } from './commands/steering.js';
import { examples } from './options.js';
import { watchCommand } from './commands/watch.js';

/** In the order of `--help`, under its headings. */
const COMMANDS: Record<string, readonly CommandDefinition[]> = {
  'Runs:': [
    startCommand,
    ingestCommand,
    statusCommand,
    watchCommand,
    reportCommand,
    pauseCommand,
    resumeCommand,
    drainCommand,
    setLimitsCommand,
    scheduleCommand,
  ],
  'Queue:': [pushAudioUrlsCommand, seedSqsCommand, dlqCommand],
  'Local recordings:': [scoreCommand, featuresCommand],
  'Set-up:': [planCommand, doctorCommand, codecServerCommand],
};

/** Wide enough for a sentence, narrow enough to be read. */
const MAX_HELP_COLUMNS = 110;

/**
 * Runs one command line.
 *
 * @param args what follows the program's name
 * @returns the exit code; everything a person should know has been said
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram(context, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help, the version and usage errors have been written already.
    if (error instanceof CommanderError) return error.exitCode;
    tellFailure(error, context.terminal, debugging(context));
    return EXIT.failed;
  }
}

function createProgram(context: CliContext, end: (code: ExitCode) => void): Command {
  const { terminal } = context;
  const speaking = (command: Command, path = command.name()): Command => {
    for (const inner of command.commands) speaking(inner, `${path} ${inner.name()}`);
    return command
      .exitOverride()
      .helpCommand(false)
      .showHelpAfterError(`See: ${path === 'vachan' ? path : `vachan ${path}`} --help`)
      .configureHelp({ helpWidth: Math.min(terminal.columns, MAX_HELP_COLUMNS) })
      .configureOutput({
        writeOut: (text) => terminal.out(text.replace(/\n$/, '')),
        writeErr: (text) => terminal.err(text.replace(/\n$/, '')),
        outputError: (text, write) => write(text.replace(/^error: /, 'vachan: ')),
      });
  };

  const program = speaking(new Command('vachan'))
    .description("Scores a night's reading-assessment recordings for audio anomalies.")
    .version(ownVersion(), '-V, --version')
    .addHelpText(
      'after',
      `\nSettings come from the environment, from .env, and from the .stack.env of a running \`npm run stack\`.\n${examples(
        'vachan doctor                     # is everything in place?',
        'vachan start 2025-12-20           # score a date, and watch',
        'vachan score samples/*.mp3        # score local files, no servers needed',
        'vachan <command> --help           # options and more examples',
      )}`,
    );
  for (const [heading, definitions] of Object.entries(COMMANDS)) {
    for (const define of definitions) program.addCommand(speaking(define(context, end)).helpGroup(heading));
  }
  return program;
}

function debugging({ readEnvironment }: CliContext): boolean {
  return readEnvironment()['LOG_LEVEL']?.toLowerCase() === 'debug';
}
