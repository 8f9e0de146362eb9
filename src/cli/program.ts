import { Command, CommanderError } from 'commander';
import { ownVersion } from '../platform/own-version.js';
import { EXIT, type CliContext, type ExitCode } from '../commands/context.js';
import { tellFailure } from './failures.js';
import { CommandMisused } from '../commands/command-misused.js';
import type { CommandDefinition, CommandGroups } from '../commands/command-definition.js';
import { examples } from '../commands/options.js';
import { PIPELINES } from '../pipelines/index.js';
import type { Pipeline } from '../pipelines/pipeline.js';
import { generalCommands } from './commands.js';

/** Wide enough for a sentence, narrow enough to be read. */
const MAX_HELP_COLUMNS = 110;

/**
 * Runs one command line.
 *
 * @param args what follows the program's name
 * @returns the exit code; everything a person should know has been said
 */
export async function runCli(
  args: readonly string[],
  context: CliContext,
  pipelines: readonly Pipeline[] = PIPELINES,
): Promise<number> {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram(context, pipelines, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help, the version and usage errors have been written already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.misused;
    tellFailure(error, context.terminal, debugging(context));
    return error instanceof CommandMisused ? EXIT.misused : EXIT.failed;
  }
}

function createProgram(
  context: CliContext,
  pipelines: readonly Pipeline[],
  end: (code: ExitCode) => void,
): Command {
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
    .description(pipelines.map(({ about }) => about).join('\n'))
    .version(ownVersion(), '-V, --version')
    .addHelpText(
      'after',
      `\nSettings come from the environment, from .env, and from the .stack.env of a running \`npm run stack\`.\n${examples(
        'vachan doctor                     # is everything in place?',
        ...pipelines.flatMap(({ examples: own }) => own),
        'vachan <command> --help           # options and more examples',
      )}`,
    );
  for (const [heading, definitions] of underHeadings([
    ...pipelines.map(({ commands }) => commands),
    generalCommands(pipelines),
  ])) {
    for (const define of definitions) program.addCommand(speaking(define(context, end)).helpGroup(heading));
  }
  return program;
}

function underHeadings(groups: readonly CommandGroups[]): Map<string, readonly CommandDefinition[]> {
  const all = new Map<string, readonly CommandDefinition[]>();
  for (const group of groups) {
    for (const [heading, definitions] of Object.entries(group)) {
      all.set(heading, [...(all.get(heading) ?? []), ...definitions]);
    }
  }
  return all;
}

function debugging({ readEnvironment }: CliContext): boolean {
  return readEnvironment()['LOG_LEVEL']?.toLowerCase() === 'debug';
}
