/** What the project's own programs (demo, stack, chaos, soak, fuzz, the benches) take on their command line, and how they refuse it. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

/** Exit code of a command line that makes no sense; 1 means that the program ran and found something wrong. */
const USAGE_EXIT_CODE = 2;

/** A program's command line, under the name that precedes its options. A slip in it is one line and exit code 2, before anything has started. */
export function toolCommand(name: string): Command {
  const command = new Command(name);
  return command
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE))
    .configureOutput({
      outputError: (text, write) =>
        write(
          `${name.replace(/ --$/, '')}: ${told(text, command)
            .trim()
            .replaceAll(/\s*\n\s*/g, ' ')}\n`,
        ),
    });
}

/** Commander's own words, but for arguments that are too many: it tells how many there are, and not which. */
function told(text: string, { args, registeredArguments: expected }: Command): string {
  if (!text.includes('too many arguments')) return text;
  const excess = args.slice(expected.length).map((argument) => JSON.stringify(argument));
  const known = expected.map((argument) => argument.name()).join(' and ');
  return `error: too many arguments: ${excess.join(', ')}; expected ${known === '' ? 'options only' : `no other than ${known}`}, see --help.`;
}

/** Takes a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`It takes a whole number, ${least} or more.`);
  };
}

/** Takes a number of at least `least`. */
export function number(least: number): (text: string) => number {
  return (text) => {
    // Number('') is 0.
    const value = text.trim() === '' ? NaN : Number(text);
    if (Number.isFinite(value) && value >= least) return value;
    throw new InvalidArgumentError(`It takes a number, ${least} or more.`);
  };
}

/** Takes a folder that is there. */
export function inputFolder(text: string): string {
  const path = resolve(text);
  if (existsSync(path) && statSync(path).isDirectory()) return path;
  throw new InvalidArgumentError('It takes a folder that is there.');
}

/** Takes a checkout of this project that is built, to be held against this one. */
export function builtCheckout(text: string): string {
  const folder = inputFolder(text);
  const missing = ['dist/workers/main.js', 'bench/audio/ours.mjs', 'node_modules'].find(
    (name) => !existsSync(join(folder, name)),
  );
  if (missing === undefined) return folder;
  throw new InvalidArgumentError(
    `It takes a checkout of this project after its npm ci: ${missing} is not there.`,
  );
}

/** Takes the path of a file that can be written there: found out now, not after an hour's work. Its folder is made if missing. */
export function outputFile(text: string): string {
  const path = resolve(text);
  try {
    makeFolder(dirname(path));
    if (existsSync(path) && !statSync(path).isFile()) throw new Error('it is there and no file');
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK);
    return path;
  } catch (error) {
    throw new InvalidArgumentError(`It takes a file that can be written: ${(error as Error).message}.`);
  }
}

/** Level by level: `mkdirSync`'s own `recursive` never returns below /proc (Node 20). */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return;
    throw new Error(`${path} is no folder`);
  }
  makeFolder(dirname(path));
  mkdirSync(path);
}
