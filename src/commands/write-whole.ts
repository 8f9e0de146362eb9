import { rename, rm, writeFile } from 'node:fs/promises';
import { InvalidInput } from '../platform/errors.js';
import { preview } from '../platform/text/printable.js';

/** Its owner's only: it may be about a person. */
const FILE_MODE = 0o600;

/**
 * Writes a file that is whole whenever it is there.
 *
 * @param option that named it
 * @throws InvalidInput where it cannot be written
 */
export async function writeWhole(option: string, path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    await writeFile(unfinished, text, { mode: FILE_MODE });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidInput(`${option}: cannot write ${preview(path, 200)} (${code ?? 'unknown error'})`, {
      cause: error,
    });
  }
}
