import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf, shownPath, whyOf } from '../platform/files/file-errors.js';
import { CommandMisused } from './command-misused.js';

/**
 * Refuses a file that could not be written at the end, or that would be written over what the command reads, before an hour's work is done for it.
 *
 * @param option that names it
 * @param inputs files that the command reads; a link to one of them is one of them
 * @throws CommandMisused where there is no folder for it that may be written to, it is no regular file, or it is an input
 */
export async function checkOutputFile(
  option: string,
  path: string,
  inputs: readonly string[] = [],
): Promise<void> {
  const refused = (why: string, cause?: unknown): CommandMisused =>
    new CommandMisused(`${option}: ${shownPath(path)} cannot be written: ${why}.`, { cause });
  if (path === '') throw new CommandMisused(`${option} is empty; expected the path of a file.`);
  await access(dirname(resolve(path)), constants.W_OK).catch((error: unknown) => {
    throw refused(whyOf(error, path), error);
  });
  const found = await identity(path).catch((error: unknown) => {
    throw refused(whyOf(error, path), error);
  });
  if (found === undefined) return;
  if (!found.isFile()) throw refused(found.isDirectory() ? 'it is a folder' : 'it is no regular file');
  for (const input of inputs) {
    // What cannot be read is told of by whoever reads it.
    const read = await identity(input).catch(() => undefined);
    if (read?.ino === found.ino && read.dev === found.dev) {
      throw new CommandMisused(
        `${option}: ${shownPath(path)} is the file that is read; expected another one, since it would be lost.`,
      );
    }
  }
}

/** Undefined where nothing is there yet. */
async function identity(path: string) {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
