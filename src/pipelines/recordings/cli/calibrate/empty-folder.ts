import { lstat, readdir } from 'node:fs/promises';
import { CommandMisused } from '../../../../commands/command-misused.js';

/**
 * Refuses a folder that holds something, before anything is computed for it.
 *
 * @throws CommandMisused unless it does not exist, or is an empty folder
 */
export async function checkEmpty(option: string, folder: string): Promise<void> {
  if (folder === '') throw new CommandMisused(`${option} is empty; expected a new or empty folder.`);
  const entry = await lstat(folder).catch((cause: unknown) => {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new CommandMisused(`${option}: ${folder} cannot be looked at (${code}).`, { cause });
  });
  if (entry === undefined) return;
  if (!entry.isDirectory()) {
    throw new CommandMisused(`${option}: ${folder} is no folder; expected a new or empty one.`);
  }
  if ((await readdir(folder)).length > 0) {
    throw new CommandMisused(`${option}: ${folder} is not empty; expected a new or empty folder.`);
  }
}
