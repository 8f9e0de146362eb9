import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../errors.js';
import { printable } from '../text/printable.js';
import { readBoundedFile } from '../bounded-file.js';
import { parseDotenv } from './dotenv.js';

/** Environment variables as `process.env` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** As for mounted secrets: more is no list of settings. */
const MAX_DOTENV_BYTES = 1024 * 1024;

/**
 * The process's environment, completed from `.env` and, behind it, from the `.stack.env` that `npm run stack` writes
 * while it runs; what is set already wins, also as `NAME_FILE`. The AWS and Temporal SDKs read their own variables,
 * so they are set for them.
 *
 * @throws ConfigurationError when a file is there and cannot be read
 */
export function readEnvironment(folder = process.cwd()): Environment {
  for (const name of ['.env', '.stack.env']) complete(process.env, join(folder, name));
  // Node 20 is this project's floor; the SDK's note on its own future floor is for developers, not for a worker's log.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return process.env;
}

function complete(environment: NodeJS.ProcessEnv, path: string): void {
  const text = readIfThere(path);
  if (text === undefined) return;
  const { values, unreadableLines } = parseDotenv(text, environment);
  if (unreadableLines.length > 0) {
    const lines = unreadableLines.slice(0, 5).join(', ');
    process.emitWarning(
      `${printable(path)}: passed over line ${lines}, which is not NAME=value`,
      'DotenvWarning',
    );
  }
  // A value and its NAME_FILE are two ways to say one thing: whoever is nearer has said it, in either way.
  const said = new Set(Object.keys(environment).filter((name) => environment[name] !== ''));
  for (const [name, value] of values) {
    if (value === undefined || environment[name] !== undefined) continue;
    const otherWay = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`;
    if (!said.has(otherWay)) environment[name] = value;
  }
}

function readIfThere(path: string): string | undefined {
  // Some name a Python environment's folder `.env`.
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return undefined;
  try {
    const read = readBoundedFile(path, MAX_DOTENV_BYTES);
    if (Buffer.isBuffer(read)) return read.toString('utf8');
    throw new ConfigurationError(`${printable(path)} cannot be read: ${read.refused}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === undefined) throw error;
    throw new ConfigurationError(`${printable(path)} cannot be read: ${code}`, {
      cause: error,
    });
  }
}
